// What the tests of WideMath ask GMP: numbers are four or eight 64-bit limbs, lowest first.
#ifndef BAILIFF_GMP_ORACLE_H
#define BAILIFF_GMP_ORACLE_H

#include <gmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
#error "The oracle is C"
#endif

static inline mp_size_t oracle_size(const uint64_t *limbs, mp_size_t size) {
    while (size > 0 && limbs[size - 1] == 0) size--;
    return size;
}

static inline int oracle_add(const uint64_t *a, const uint64_t *b, uint64_t *sum) {
    return (int)mpn_add_n(sum, a, b, 4);
}

static inline int oracle_subtract(const uint64_t *a, const uint64_t *b, uint64_t *difference) {
    return (int)mpn_sub_n(difference, a, b, 4);
}

// Eight limbs of product.
static inline void oracle_multiply(const uint64_t *a, const uint64_t *b, uint64_t *product) {
    mpn_mul_n(product, a, b, 4);
}

// Divides eight limbs by four (not zero): eight limbs of quotient, four of remainder.
static inline void oracle_divide(const uint64_t *dividend, const uint64_t *divisor,
                                 uint64_t *quotient, uint64_t *remainder) {
    mp_size_t size = oracle_size(divisor, 4);
    memset(quotient, 0, 8 * sizeof(uint64_t));
    memset(remainder, 0, 4 * sizeof(uint64_t));
    mpn_tdiv_qr(quotient, remainder, 0, dividend, 8, divisor, size);
}

static inline void oracle_square_root(const uint64_t *value, uint64_t *root) {
    mp_size_t size = oracle_size(value, 4);
    memset(root, 0, 4 * sizeof(uint64_t));
    if (size > 0) mpn_sqrtrem(root, NULL, value, size);
}

// Digits in the base, ended by a zero byte. The buffer holds 80 bytes.
static inline void oracle_text(const uint64_t *value, int base, char *text) {
    mpz_t number;
    mpz_roinit_n(number, value, oracle_size(value, 4));
    mpz_get_str(text, base, number);
}

#endif
