// Bounds of many accounts at once: which of them are surely above their line, and how far.
//
// Nothing here decides who may be closed. A bound is rounded outward, whoever it cannot clear is
// asked about by the protocol's own rule, and Sources/KeeperEngine/Watch/LinearField.swift says why
// none is cleared wrongly. Floating point therefore stays in this room.
//
// Rows of one shape (so many collaterals, so many debts) stand in blocks of 16. A block is for each
// leg 16 amounts as 32-bit floats, then for each leg 16 numbers of reserves as bytes; all buffers
// are counted in 32-bit words. A table holds one float per reserve and is 256 long, or a multiple
// of 32 that no number in the blocks exceeds.

#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    CK_LANES = 16,
    CK_LEGS_MAX = 13,
    /// Reserves whose weights fit the registers of a scan.
    CK_SMALL_TABLE = 32,
};

/// What the processor has: 0 neither, 1 AVX2, 2 AVX-512 (F, BW, VL, DQ).
uint32_t ck_level(void);

/// Tables, one after the other and each `stride` long, of what all lines share.
enum {
    CK_DEBT_HIGH,
    CK_DEBT_LOW,
    CK_COLLATERAL_DOWN,
    CK_COLLATERAL_UP,
    CK_OWED_DOWN,
    CK_OWED_UP,
    CK_UNREST,
    /// Then for each line three of its own.
    CK_LINE_TABLES,
};
enum { CK_ALONE_LOW, CK_BESIDE_LOW, CK_COLLATERAL_HIGH, CK_TABLES_PER_LINE };

/// One line of one reserve. What a unit of it is worth lies between `down` and `up`, which are bits
/// of floats; `alone` and `beside` are thresholds that count at least, where the reserve is the only
/// collateral and where it is not, and `most` the one that counts at most.
void ck_set_shared(
    uint32_t *tables, uint32_t stride, uint32_t reserve, uint32_t collateral_down,
    uint32_t collateral_up, uint32_t owed_down, uint32_t owed_up, uint32_t unrest);
void ck_set_line(
    uint32_t *tables, uint32_t stride, uint32_t reserve, uint32_t line, uint32_t alone,
    uint32_t beside, uint32_t most, uint32_t margin_ppm);

enum {
    /// What the rounding of a balance can come to, in units of the scaled balance. It is taken off
    /// collateral and put onto debt where they are kept, so an amount is at least twice as much.
    CK_UNITS_LOST = 2,
};

/// The amount, less or more what its rounding can come to, as the nearest float.
uint32_t ck_amount(uint64_t high, uint64_t low, uint32_t is_debt);

/// Writes the number within the block buffer of each row that is not surely above the line, in
/// order, and returns how many. `found` has room for `count`.
size_t ck_scan(
    uint32_t level, const uint32_t *blocks, size_t first, size_t count, uint32_t collaterals,
    uint32_t debts, const uint32_t *tables, uint32_t stride, uint32_t line, uint32_t *found);

/// For each line two bits: 1 surely above, 2 surely below, 0 to be confirmed.
uint32_t ck_look(
    const uint32_t *blocks, size_t slot, uint32_t collaterals, uint32_t debts,
    const uint32_t *tables, uint32_t stride, uint32_t lines);

/// How far each leg's worth may move while no line is crossed. `below` has a bit for each line that
/// the row is below of. For each leg two keys, bits of floats: the lowest value of its worth that is
/// safe, 0 where any is, and the highest, all ones where any is.
void ck_boxes(
    const uint32_t *blocks, size_t slot, uint32_t collaterals, uint32_t debts,
    const uint32_t *tables, uint32_t stride, uint32_t lines, uint32_t below, uint32_t *keys);

/// The sum of all words, read as fast as the processor can: what a scan is measured against.
uint64_t ck_sum(uint32_t level, const uint64_t *words, size_t count);

/// The same question as `ck_scan` in whole numbers: 64-bit amounts and weights, 128-bit sums.
/// `amounts` has for each block and leg 16 of them.
size_t ck_scan_integers(
    const uint64_t *amounts, const uint32_t *blocks, size_t first, size_t count,
    uint32_t collaterals, uint32_t debts, const uint64_t *collateral_weights,
    const uint64_t *debt_weights, uint64_t slack, uint32_t *found);
