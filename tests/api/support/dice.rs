//! Chance that comes out the same each time.

use std::ops::Range;

/// A small generator: the same seed gives the same rolls.
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Self {
        let mut dice = Self(seed);
        // Seeds that are near one another begin alike.
        for _ in 0..4 {
            dice.roll(2);
        }
        dice
    }

    /// From 0 on, less than `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// Once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) == 0
    }

    pub fn between(&mut self, days: Range<i64>) -> i64 {
        let sides = usize::try_from(days.end - days.start).unwrap();
        days.start + i64::try_from(self.roll(sides)).unwrap()
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.roll(from.len())) }
    }
}

/// The seeds to walk by and how many steps each, unless `WALK_SEED` and `WALK_STEPS` say otherwise.
pub fn walks(seeds: &[u64], steps: usize) -> (Vec<u64>, usize) {
    let told = |name: &str| std::env::var(name).ok().map(|value| value.parse().unwrap());
    let seeds = told("WALK_SEED").map_or_else(|| seeds.to_vec(), |seed| vec![seed]);
    (seeds, told("WALK_STEPS").map_or(steps, |steps| usize::try_from(steps).unwrap()))
}

/// Says on the way out of a test that fails how to walk there again, and what was done.
pub struct Trail {
    pub seed: u64,
    pub steps: Vec<String>,
}

impl Drop for Trail {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let (seed, count) = (self.seed, self.steps.len());
            eprintln!("{}\nagain: WALK_SEED={seed} WALK_STEPS={count}", self.steps.join("\n"));
        }
    }
}
