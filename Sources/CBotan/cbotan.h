// Botan's C interface as it is.
#pragma once
#include <botan/ffi.h>
