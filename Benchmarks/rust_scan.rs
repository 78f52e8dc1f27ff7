// The book of `bailiff-dev bench tick`, scanned in full in Rust: the same question as our exact
// scan in 128-bit integers, without the protocol's roundings.
//
//     rustc -O -C target-cpu=native rust_scan.rs && ./rust_scan FILE

use std::time::Instant;

const RESERVES: usize = 32;
const LEGS: usize = 6;
const ROUNDS: usize = 7;

struct Leg {
    place: usize,
    micro: u64,
}

fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

fn half(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize
}

fn scan(weights: &[i128], accounts: &[[Leg; LEGS]]) -> usize {
    accounts
        .iter()
        .filter(|legs| {
            let surplus: i128 = legs
                .iter()
                .map(|leg| weights[leg.place] * i128::from(leg.micro))
                .sum();
            surplus < 0
        })
        .count()
}

fn main() {
    let path = std::env::args().nth(1).expect("the file of a book");
    let bytes = std::fs::read(path).expect("a file that can be read");
    let mut weights = vec![0i128; 3 * RESERVES];
    for reserve in 0..RESERVES {
        let price = i128::from(word(&bytes, 16 * reserve));
        let threshold = i128::from(word(&bytes, 16 * reserve + 8));
        weights[RESERVES + reserve] = price * threshold;
        weights[2 * RESERVES + reserve] = -price * 10_000;
    }
    let accounts: Vec<[Leg; LEGS]> = bytes[16 * RESERVES..]
        .chunks_exact(16 * LEGS)
        .map(|record| {
            std::array::from_fn(|leg| Leg {
                place: half(record, 16 * leg + 4) * RESERVES + half(record, 16 * leg),
                micro: word(record, 16 * leg + 8),
            })
        })
        .collect();
    let mut times = vec![];
    let mut count = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        count = scan(&weights, &accounts);
        times.push(start.elapsed().as_nanos());
    }
    times.sort();
    println!(
        "{{\"schemaVersion\": 1, \"results\": [{{\"goal\": null, \"name\": \"Rust, 128-bit scan, {} \
         accounts\", \"value\": {}, \"target\": null, \"met\": null, \"rounds\": {}, \"unit\": \
         \"ns\", \"note\": \"{} accounts under their line\"}}]}}",
        accounts.len(),
        times[ROUNDS / 2],
        ROUNDS,
        count
    );
}
