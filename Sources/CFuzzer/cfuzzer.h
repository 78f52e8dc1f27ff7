// The entry of libFuzzer for programs that have a main of their own. It comes with the toolchain, in
// an archive that `make fuzz` finds.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *argumentCount, char ***arguments, int (*try_input)(const uint8_t *bytes, size_t count));
