// libsecp256k1's interface as it is, with the module that recovers signers.
#pragma once
#include <secp256k1.h>
#include <secp256k1_recovery.h>

// The constant context for work without secrets. Swift sees the C variable as one that may change.
static inline const secp256k1_context *csecp256k1_static_context(void) {
    return secp256k1_context_static;
}
