// The book of `bailiff-dev bench scan`, scanned in full in Rust: the same question and the same layout
// as our scan in whole numbers. Accounts are grouped by how many collaterals and debts they have and
// stand in blocks of 16; the loops over legs are unrolled by const generics and nothing is checked.
//
//     rustc -O -C target-cpu=native rust_scan.rs && ./rust_scan FILE
//
// Each line of input is a number of accounts, the first so many of the book; each line of output is
// the nanoseconds of one scan of them and how many are under their line.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::time::Instant;

const RESERVES: usize = 32;
const LEGS: usize = 6;
const LANES: usize = 16;

struct Leg {
    reserve: u8,
    kind: usize,
    micro: u64,
}

#[derive(Default)]
struct Group {
    rows: Vec<u32>,
    amounts: Vec<u64>,
    reserves: Vec<u8>,
}

type Weights = ([u64; RESERVES], [u64; RESERVES]);

fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

fn legs(record: &[u8]) -> Vec<Leg> {
    (0..LEGS)
        .map(|leg| {
            let places = word(record, 16 * leg);
            Leg {
                reserve: places as u8,
                kind: (places >> 32) as usize,
                micro: word(record, 16 * leg + 8),
            }
        })
        .filter(|leg| leg.kind > 0)
        .collect()
}

fn group(records: &[u8], count: usize) -> Vec<((usize, usize), Group)> {
    let mut groups: HashMap<(usize, usize), Group> = HashMap::new();
    for (row, record) in records.chunks_exact(16 * LEGS).take(count).enumerate() {
        let legs = legs(record);
        let debts = legs.iter().filter(|leg| leg.kind == 2).count();
        let group = groups.entry((legs.len() - debts, debts)).or_default();
        let lane = group.rows.len() % LANES;
        if lane == 0 {
            let size = group.amounts.len() + LANES * legs.len();
            group.amounts.resize(size, 0);
            group.reserves.resize(size, 0);
        }
        let start = group.amounts.len() - LANES * legs.len();
        for (number, leg) in legs.iter().enumerate() {
            group.amounts[start + LANES * number + lane] = leg.micro;
            group.reserves[start + LANES * number + lane] = leg.reserve;
        }
        group.rows.push(row as u32);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(shape, _)| *shape);
    groups
}

fn scan<const C: usize, const D: usize>(group: &Group, weights: &Weights, found: &mut Vec<u32>) {
    let size = LANES * (C + D);
    for row in 0..group.rows.len() {
        let start = row / LANES * size + row % LANES;
        let mut backing = 0u128;
        let mut owed = 0u128;
        // Every index is below the length, which `group` makes a whole number of blocks, and every
        // reserve below 32.
        unsafe {
            for leg in 0..C {
                let place = start + LANES * leg;
                let reserve = *group.reserves.get_unchecked(place) as usize;
                backing += u128::from(*group.amounts.get_unchecked(place))
                    * u128::from(*weights.0.get_unchecked(reserve));
            }
            for leg in C..C + D {
                let place = start + LANES * leg;
                let reserve = *group.reserves.get_unchecked(place) as usize;
                owed += u128::from(*group.amounts.get_unchecked(place))
                    * u128::from(*weights.1.get_unchecked(reserve));
            }
            if backing < owed {
                found.push(*group.rows.get_unchecked(row));
            }
        }
    }
}

fn scan_all(groups: &[((usize, usize), Group)], weights: &Weights, found: &mut Vec<u32>) {
    for (shape, group) in groups {
        match shape {
            (1, 1) => scan::<1, 1>(group, weights, found),
            (1, 2) => scan::<1, 2>(group, weights, found),
            (2, 1) => scan::<2, 1>(group, weights, found),
            (2, 2) => scan::<2, 2>(group, weights, found),
            (3, 1) => scan::<3, 1>(group, weights, found),
            (3, 2) => scan::<3, 2>(group, weights, found),
            (4, 1) => scan::<4, 1>(group, weights, found),
            (4, 2) => scan::<4, 2>(group, weights, found),
            _ => panic!("a shape that the book does not have"),
        }
    }
}

fn main() {
    let path = std::env::args().nth(1).expect("the file of a book");
    let bytes = std::fs::read(path).expect("a file that can be read");
    let (head, records) = bytes.split_at(16 * RESERVES);
    let mut weights: Weights = ([0; RESERVES], [0; RESERVES]);
    for reserve in 0..RESERVES {
        weights.0[reserve] = word(head, 16 * reserve) * word(head, 16 * reserve + 8);
        weights.1[reserve] = word(head, 16 * reserve) * 10_000;
    }
    let mut books = HashMap::new();
    let mut found = Vec::with_capacity(1 << 20);
    for line in std::io::stdin().lock().lines() {
        let count = line.expect("a line").trim().parse().expect("a number of accounts");
        let groups = books.entry(count).or_insert_with(|| group(records, count));
        found.clear();
        let start = Instant::now();
        scan_all(groups, &weights, &mut found);
        println!("{} {}", start.elapsed().as_nanos(), found.len());
        std::io::stdout().flush().expect("an open output");
    }
}
