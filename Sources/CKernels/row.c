// One row by itself: where it stands, and how far its legs may move.

#include "ckernels.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/// As in scan.c.
static const double slack = 0x1p-19;
/// Taken off every weight of collateral and put onto every weight of debt; LinearField.swift says
/// what it pays for.
static const double margin = 0x1p-18;

static inline float as_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t as_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/// The nearest floats that are not above and not below. Both are at least 0, and so is the value.
static inline float rounded_down(double value) {
    float near = (float)value;
    return (double)near > value ? as_float(as_bits(near) - 1) : near;
}

static inline float rounded_up(double value) {
    float near = (float)value;
    return (double)near < value ? as_float(as_bits(near) + 1) : near;
}

uint32_t ck_amount(uint64_t high, uint64_t low, uint32_t is_debt) {
    unsigned __int128 value = (unsigned __int128)high << 64 | low;
    return as_bits((float)(is_debt ? value + CK_UNITS_LOST : value - CK_UNITS_LOST));
}

static void set(uint32_t *tables, uint32_t stride, uint32_t table, uint32_t reserve, float value) {
    tables[table * stride + reserve] = as_bits(value);
}

void ck_set_shared(
    uint32_t *tables, uint32_t stride, uint32_t reserve, uint32_t collateral_down,
    uint32_t collateral_up, uint32_t owed_down, uint32_t owed_up, uint32_t unrest) {
    double low = (double)as_float(owed_down) * 10000 * (1 - margin);
    double high = (double)as_float(owed_up) * 10000 * (1 + margin);
    set(tables, stride, CK_DEBT_LOW, reserve, rounded_down(low));
    set(tables, stride, CK_DEBT_HIGH, reserve, rounded_up(high));
    set(tables, stride, CK_COLLATERAL_DOWN, reserve, as_float(collateral_down));
    set(tables, stride, CK_COLLATERAL_UP, reserve, as_float(collateral_up));
    set(tables, stride, CK_OWED_DOWN, reserve, as_float(owed_down));
    set(tables, stride, CK_OWED_UP, reserve, as_float(owed_up));
    set(tables, stride, CK_UNREST, reserve, (float)unrest);
}

void ck_set_line(
    uint32_t *tables, uint32_t stride, uint32_t reserve, uint32_t line, uint32_t alone,
    uint32_t beside, uint32_t most, uint32_t margin_ppm) {
    uint32_t own = CK_LINE_TABLES + line * CK_TABLES_PER_LINE;
    double down = (double)as_float(tables[CK_COLLATERAL_DOWN * stride + reserve]);
    double up = (double)as_float(tables[CK_COLLATERAL_UP * stride + reserve]);
    double share = 1e6 / (1e6 + (double)margin_ppm);
    double low = down * (1 - margin) * share;
    // While the worth is not known nobody is below, whatever the threshold.
    double high = isinf(up) ? INFINITY : up * (1 + margin) * share * most;
    set(tables, stride, own + CK_ALONE_LOW, reserve, rounded_down(low * alone));
    set(tables, stride, own + CK_BESIDE_LOW, reserve, rounded_down(low * beside));
    set(tables, stride, own + CK_COLLATERAL_HIGH, reserve, rounded_up(high));
}

typedef struct {
    uint32_t collaterals;
    uint32_t legs;
    float amounts[CK_LEGS_MAX];
    uint8_t reserves[CK_LEGS_MAX];
} row;

static inline row read_row(
    const uint32_t *blocks, size_t slot, uint32_t collaterals, uint32_t debts) {
    row row = {.collaterals = collaterals, .legs = collaterals + debts};
    size_t words = (size_t)row.legs * (CK_LANES + 4);
    const uint32_t *block = blocks + slot / CK_LANES * words;
    const uint8_t *reserves = (const uint8_t *)(block + row.legs * CK_LANES);
    for (uint32_t leg = 0; leg < row.legs; leg++) {
        uint32_t place = leg * CK_LANES + (uint32_t)(slot % CK_LANES);
        row.amounts[leg] = as_float(block[place]);
        row.reserves[leg] = reserves[place];
    }
    return row;
}

/// Both sides of one line, each as low and as high as it may be, and its legs times their unrest.
typedef struct {
    double backing_low, backing_high, owed_low, owed_high;
    double stretch_low, stretch_high;
} sides;

static inline sides sides_of(
    const row *row, const uint32_t *tables, uint32_t stride, uint32_t line) {
    uint32_t own = CK_LINE_TABLES + line * CK_TABLES_PER_LINE;
    const float *low = (const float *)tables
        + (own + (row->collaterals > 1 ? CK_BESIDE_LOW : CK_ALONE_LOW)) * stride;
    const float *high = (const float *)tables + (own + CK_COLLATERAL_HIGH) * stride;
    const float *unrest = (const float *)tables + CK_UNREST * stride;
    const float *owed_low = (const float *)tables + CK_DEBT_LOW * stride;
    const float *owed_high = (const float *)tables + CK_DEBT_HIGH * stride;
    sides sides = {.backing_high = slack, .owed_high = slack};
    for (uint32_t leg = 0; leg < row->legs; leg++) {
        double amount = (double)row->amounts[leg];
        uint32_t reserve = row->reserves[leg];
        int is_debt = leg >= row->collaterals;
        // An amount is kept as it is worst; the other way round it is this much better.
        double least =
            (is_debt ? amount - 2 * CK_UNITS_LOST : amount) * (double)(is_debt ? owed_low : low)[reserve];
        double most =
            (is_debt ? amount : amount + 2 * CK_UNITS_LOST) * (double)(is_debt ? owed_high : high)[reserve];
        *(is_debt ? &sides.owed_low : &sides.backing_low) += least;
        *(is_debt ? &sides.owed_high : &sides.backing_high) += most;
        sides.stretch_low += (is_debt ? most : least) * (double)unrest[reserve];
        sides.stretch_high += (is_debt ? least : most) * (double)unrest[reserve];
    }
    return sides;
}

static inline uint32_t verdict(const sides *sides) {
    if (sides->backing_low > sides->owed_high) return 1;
    return sides->backing_high < sides->owed_low ? 2 : 0;
}

uint32_t ck_look(
    const uint32_t *blocks, size_t slot, uint32_t collaterals, uint32_t debts,
    const uint32_t *tables, uint32_t stride, uint32_t lines) {
    row row = read_row(blocks, slot, collaterals, debts);
    uint32_t verdicts = 0;
    for (uint32_t line = 0; line < lines; line++) {
        sides sides = sides_of(&row, tables, stride, line);
        verdicts |= verdict(&sides) << (2 * line);
    }
    return verdicts;
}

/// What a unit of unrest may use toward the danger and away from it; 0 where nothing may move.
typedef struct {
    double danger, safety;
} reach;

static inline reach reach_of(
    const row *row, const uint32_t *tables, uint32_t stride, uint32_t lines, uint32_t below) {
    // The last places of the sums are paid here.
    const double kept = 1 - 0x1p-15;
    reach reach = {.danger = INFINITY, .safety = INFINITY};
    for (uint32_t line = 0; line < lines; line++) {
        sides sides = sides_of(row, tables, stride, line);
        int is_below = (int)(below >> line & 1);
        uint32_t sure = verdict(&sides);
        if (sure != (is_below ? 2u : 1u)) {
            reach.danger = 0;
            reach.safety = 0;
            return reach;
        }
        if (is_below) {
            double part = (sides.owed_low - sides.backing_high) * kept / sides.stretch_high;
            if (!(part >= reach.safety)) reach.safety = part;
        } else {
            double part = (sides.backing_low - sides.owed_high) * kept / sides.stretch_low;
            if (!(part >= reach.danger)) reach.danger = part;
        }
    }
    return reach;
}

static inline uint32_t lowest(double value, double fraction) {
    if (!(fraction < 1)) return 0;
    return as_bits(rounded_up(value * (1 - fraction) * (1 + 0x1p-40)));
}

static inline uint32_t highest(double value, double fraction) {
    double end = value * (1 + fraction) * (1 - 0x1p-40);
    return end < 0x1p127 ? as_bits(rounded_down(end)) : UINT32_MAX;
}

void ck_boxes(
    const uint32_t *blocks, size_t slot, uint32_t collaterals, uint32_t debts,
    const uint32_t *tables, uint32_t stride, uint32_t lines, uint32_t below, uint32_t *keys) {
    row row = read_row(blocks, slot, collaterals, debts);
    reach reach = reach_of(&row, tables, stride, lines, below);
    const float *all = (const float *)tables;
    for (uint32_t leg = 0; leg < row.legs; leg++) {
        int is_debt = leg >= collaterals;
        uint32_t reserve = row.reserves[leg];
        double unrest = (double)all[CK_UNREST * stride + reserve];
        double down = (double)all[(is_debt ? CK_OWED_DOWN : CK_COLLATERAL_DOWN) * stride + reserve];
        double up = (double)all[(is_debt ? CK_OWED_UP : CK_COLLATERAL_UP) * stride + reserve];
        double fall = (is_debt ? reach.safety : reach.danger) * unrest;
        double rise = (is_debt ? reach.danger : reach.safety) * unrest;
        keys[2 * leg] = lowest(up, fall);
        keys[2 * leg + 1] = highest(down, rise);
    }
}
