// The scan, three times: plain C, AVX2, AVX-512. All three do the same operations on each row in the
// same order, so they agree to the bit: products and sums are rounded one by one, never fused.

#include "ckernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

/// What the roundings of a rule can come to in its own smallest units, beside those that are a part
/// of the amounts; see LinearField.swift.
static const float slack = 0x1p-19f;

static inline float as_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

typedef struct {
    const uint32_t *blocks;
    size_t first;
    size_t count;
    uint32_t collaterals;
    uint32_t debts;
    const float *backing;
    const float *owed;
    uint32_t stride;
    uint32_t *found;
} job;

static inline __attribute__((always_inline)) size_t keep(
    uint32_t mask, size_t row, const job *job, size_t kept) {
    if (row < job->first) mask &= ~0u << (job->first - row);
    size_t rest = job->first + job->count - row;
    if (rest < CK_LANES) mask &= (1u << rest) - 1;
    while (mask) {
        job->found[kept++] = (uint32_t)(row + (size_t)__builtin_ctz(mask));
        mask &= mask - 1;
    }
    return kept;
}

static inline size_t words_per_block(uint32_t legs) { return (size_t)legs * (CK_LANES + 4); }

static inline __attribute__((always_inline)) size_t scan_plain(
    const job *job, uint32_t collaterals, uint32_t debts) {
    uint32_t legs = collaterals + debts;
    size_t kept = 0;
    for (size_t row = job->first / CK_LANES * CK_LANES; row < job->first + job->count;
         row += CK_LANES) {
        const uint32_t *block = job->blocks + row / CK_LANES * words_per_block(legs);
        const uint8_t *reserves = (const uint8_t *)(block + legs * CK_LANES);
        uint32_t mask = 0;
        for (uint32_t lane = 0; lane < CK_LANES; lane++) {
            float backing = 0;
            float owed = slack;
            for (uint32_t leg = 0; leg < collaterals; leg++) {
                uint32_t place = leg * CK_LANES + lane;
                backing = backing + as_float(block[place]) * job->backing[reserves[place]];
            }
            for (uint32_t leg = collaterals; leg < legs; leg++) {
                uint32_t place = leg * CK_LANES + lane;
                owed = owed + as_float(block[place]) * job->owed[reserves[place]];
            }
            mask |= (uint32_t)!(backing > owed) << lane;
        }
        kept = keep(mask, row, job, kept);
    }
    return kept;
}

/// A kernel with the usual shapes written out, so that the loops over legs disappear.
#define BY_SHAPE(attributes, name, body)                                     \
    attributes static size_t name(const job *job) {                          \
        switch (job->collaterals * 8 + job->debts) {                         \
        case 1 * 8 + 1: return body(job, 1, 1);                              \
        case 1 * 8 + 2: return body(job, 1, 2);                              \
        case 2 * 8 + 1: return body(job, 2, 1);                              \
        case 2 * 8 + 2: return body(job, 2, 2);                              \
        case 3 * 8 + 1: return body(job, 3, 1);                              \
        case 3 * 8 + 2: return body(job, 3, 2);                              \
        case 4 * 8 + 1: return body(job, 4, 1);                              \
        case 4 * 8 + 2: return body(job, 4, 2);                              \
        default: return body(job, job->collaterals, job->debts);             \
        }                                                                    \
    }

BY_SHAPE(, run_plain, scan_plain)

#if defined(__x86_64__)
#include <immintrin.h>

#define WITH_AVX2 __attribute__((target("avx2")))
#define WITH_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))

WITH_AVX2 static inline __attribute__((always_inline)) __m256 leg_of_8(
    const uint32_t *amounts, const uint8_t *reserves, const float *table) {
    __m256i numbers = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)reserves));
    __m256 weights = _mm256_i32gather_ps(table, numbers, 4);
    return _mm256_mul_ps(_mm256_loadu_ps((const float *)amounts), weights);
}

WITH_AVX2 static inline __attribute__((always_inline)) size_t scan_avx2(
    const job *job, uint32_t collaterals, uint32_t debts) {
    uint32_t legs = collaterals + debts;
    size_t kept = 0;
    for (size_t row = job->first / CK_LANES * CK_LANES; row < job->first + job->count;
         row += CK_LANES) {
        const uint32_t *block = job->blocks + row / CK_LANES * words_per_block(legs);
        const uint8_t *reserves = (const uint8_t *)(block + legs * CK_LANES);
        uint32_t mask = 0;
        for (uint32_t half = 0; half < CK_LANES; half += 8) {
            __m256 backing = _mm256_setzero_ps();
            __m256 owed = _mm256_set1_ps(slack);
            for (uint32_t leg = 0; leg < collaterals; leg++) {
                uint32_t place = leg * CK_LANES + half;
                backing = _mm256_add_ps(
                    backing, leg_of_8(block + place, reserves + place, job->backing));
            }
            for (uint32_t leg = collaterals; leg < legs; leg++) {
                uint32_t place = leg * CK_LANES + half;
                owed = _mm256_add_ps(owed, leg_of_8(block + place, reserves + place, job->owed));
            }
            __m256 above = _mm256_cmp_ps(backing, owed, _CMP_GT_OQ);
            mask |= (~(uint32_t)_mm256_movemask_ps(above) & 0xff) << half;
        }
        kept = keep(mask, row, job, kept);
    }
    return kept;
}
BY_SHAPE(WITH_AVX2, run_avx2, scan_avx2)

WITH_AVX512 static inline __attribute__((always_inline)) size_t scan_avx512(
    const job *job, uint32_t collaterals, uint32_t debts) {
    uint32_t legs = collaterals + debts;
    size_t kept = 0;
    __m512 backing_low = _mm512_loadu_ps(job->backing);
    __m512 backing_high = _mm512_loadu_ps(job->backing + 16);
    __m512 owed_low = _mm512_loadu_ps(job->owed);
    __m512 owed_high = _mm512_loadu_ps(job->owed + 16);
    for (size_t row = job->first / CK_LANES * CK_LANES; row < job->first + job->count;
         row += CK_LANES) {
        const uint32_t *block = job->blocks + row / CK_LANES * words_per_block(legs);
        const uint8_t *reserves = (const uint8_t *)(block + legs * CK_LANES);
        __m512 backing = _mm512_setzero_ps();
        __m512 owed = _mm512_set1_ps(slack);
        for (uint32_t leg = 0; leg < collaterals; leg++) {
            __m512i numbers = _mm512_cvtepu8_epi32(
                _mm_loadu_si128((const __m128i *)(reserves + leg * CK_LANES)));
            __m512 weights = _mm512_permutex2var_ps(backing_low, numbers, backing_high);
            __m512 amounts = _mm512_loadu_ps((const float *)(block + leg * CK_LANES));
            backing = _mm512_add_ps(backing, _mm512_mul_ps(amounts, weights));
        }
        for (uint32_t leg = collaterals; leg < legs; leg++) {
            __m512i numbers = _mm512_cvtepu8_epi32(
                _mm_loadu_si128((const __m128i *)(reserves + leg * CK_LANES)));
            __m512 weights = _mm512_permutex2var_ps(owed_low, numbers, owed_high);
            __m512 amounts = _mm512_loadu_ps((const float *)(block + leg * CK_LANES));
            owed = _mm512_add_ps(owed, _mm512_mul_ps(amounts, weights));
        }
        uint32_t mask = (uint16_t)~_mm512_cmp_ps_mask(backing, owed, _CMP_GT_OQ);
        if (__builtin_expect(mask != 0, 0)) kept = keep(mask, row, job, kept);
    }
    return kept;
}
BY_SHAPE(WITH_AVX512, run_avx512, scan_avx512)

WITH_AVX512 static uint64_t sum_avx512(const uint64_t *words, size_t count) {
    __m512i sums[4] = {0};
    size_t at = 0;
    for (; at + 32 <= count; at += 32)
        for (size_t lane = 0; lane < 4; lane++)
            sums[lane] = _mm512_add_epi64(sums[lane], _mm512_loadu_si512(words + at + 8 * lane));
    uint64_t sum = 0;
    for (size_t lane = 0; lane < 4; lane++) sum += (uint64_t)_mm512_reduce_add_epi64(sums[lane]);
    for (; at < count; at++) sum += words[at];
    return sum;
}

uint32_t ck_level(void) {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
        return 2;
    return __builtin_cpu_supports("avx2") ? 1 : 0;
}
#else
uint32_t ck_level(void) { return 0; }
#endif

size_t ck_scan(
    uint32_t level, const uint32_t *blocks, size_t first, size_t count, uint32_t collaterals,
    uint32_t debts, const uint32_t *tables, uint32_t stride, uint32_t line, uint32_t *found) {
    uint32_t own = CK_LINE_TABLES + line * CK_TABLES_PER_LINE;
    own += collaterals > 1 ? CK_BESIDE_LOW : CK_ALONE_LOW;
    job job = {
        .blocks = blocks,
        .first = first,
        .count = count,
        .collaterals = collaterals,
        .debts = debts,
        .backing = (const float *)(tables + own * stride),
        .owed = (const float *)(tables + CK_DEBT_HIGH * stride),
        .stride = stride,
        .found = found,
    };
#if defined(__x86_64__)
    // More reserves than two registers hold are gathered from memory.
    if (level >= 2 && stride <= CK_SMALL_TABLE) return run_avx512(&job);
    if (level >= 1) return run_avx2(&job);
#endif
    return run_plain(&job);
}

static inline __attribute__((always_inline)) size_t integers(
    const uint64_t *all, const uint32_t *blocks, size_t first, size_t count, uint32_t collaterals,
    uint32_t debts, const uint64_t *backing_weights, const uint64_t *owed_weights, uint64_t slack,
    uint32_t *found) {
    uint32_t legs = collaterals + debts;
    size_t kept = 0;
    size_t row = first;
    while (row < first + count) {
        size_t block = row / CK_LANES;
        const uint64_t *amounts = all + block * legs * CK_LANES;
        const uint8_t *reserves =
            (const uint8_t *)(blocks + block * words_per_block(legs) + legs * CK_LANES);
        size_t end = (block + 1) * CK_LANES;
        if (end > first + count) end = first + count;
        for (; row < end; row++) {
            uint32_t lane = (uint32_t)(row % CK_LANES);
            unsigned __int128 backing = 0;
            unsigned __int128 owed = slack;
            // 13 weights of 60 bits.
            uint64_t spare = 0;
            for (uint32_t leg = 0; leg < collaterals; leg++) {
                uint32_t place = leg * CK_LANES + lane;
                uint64_t weight = backing_weights[reserves[place]];
                backing += (unsigned __int128)amounts[place] * weight;
                // Counted on the other side, where nothing can fall below zero.
                spare += weight;
            }
            for (uint32_t leg = collaterals; leg < legs; leg++) {
                uint32_t place = leg * CK_LANES + lane;
                uint64_t weight = owed_weights[reserves[place]];
                owed += (unsigned __int128)amounts[place] * weight;
                spare += weight;
            }
            found[kept] = (uint32_t)row;
            owed += (unsigned __int128)spare * CK_UNITS_LOST;
            kept += backing <= owed;
        }
    }
    return kept;
}

#define INTEGERS(c, d)                                                                     \
    case c * 8 + d:                                                                        \
        return integers(                                                                   \
            amounts, blocks, first, count, c, d, collateral_weights, debt_weights, slack,  \
            found);

size_t ck_scan_integers(
    const uint64_t *amounts, const uint32_t *blocks, size_t first, size_t count,
    uint32_t collaterals, uint32_t debts, const uint64_t *collateral_weights,
    const uint64_t *debt_weights, uint64_t slack, uint32_t *found) {
    switch (collaterals * 8 + debts) {
        INTEGERS(1, 1)
        INTEGERS(1, 2)
        INTEGERS(2, 1)
        INTEGERS(2, 2)
        INTEGERS(3, 1)
        INTEGERS(3, 2)
        INTEGERS(4, 1)
        INTEGERS(4, 2)
    default:
        return integers(
            amounts, blocks, first, count, collaterals, debts, collateral_weights, debt_weights,
            slack, found);
    }
}

uint64_t ck_sum(uint32_t level, const uint64_t *words, size_t count) {
#if defined(__x86_64__)
    if (level >= 2) return sum_avx512(words, count);
#endif
    uint64_t sum = 0;
    for (size_t at = 0; at < count; at++) sum += words[at];
    return sum;
}
