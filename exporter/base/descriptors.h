#ifndef OPERATOR_CONNECT_EXPORTER_BASE_DESCRIPTORS_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_DESCRIPTORS_H_

namespace operator_connect {

// Raises this process' limit of open files to the most that the system allows.
// The initial limit, often 1,024, is meant for programs that call select().
void RaiseDescriptorLimit();

// Whether more than about half of this process' file descriptors are in use. If
// so, close connections that are kept for later. Cheap; any thread.
bool DescriptorsAreScarce();

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_DESCRIPTORS_H_
