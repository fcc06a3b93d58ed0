# Read by cpack before it packs.
if(NOT CPACK_OC_INSTALL_PREFIX STREQUAL "/usr")
  message(FATAL_ERROR "A package is for /usr, and this build is for ${CPACK_OC_INSTALL_PREFIX}: "
                      "configure with -DCMAKE_INSTALL_PREFIX=/usr, or use config/packaging/build_deb.sh.")
endif()
