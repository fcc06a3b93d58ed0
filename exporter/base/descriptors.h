#ifndef OPERATOR_CONNECT_EXPORTER_BASE_DESCRIPTORS_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_DESCRIPTORS_H_

namespace operator_connect {

// Lets this process open as many files and connections as the system allows
// it at the most. What it is given at first, often 1,024, is meant for
// programs that call select().
void RaiseDescriptorLimit();

// Whether more than about half of the file descriptors that this process may
// have are in use: time to close what is open for later only. Cheap; any
// thread.
bool DescriptorsAreScarce();

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_DESCRIPTORS_H_
