//! Keys, looked up by their hash.

/// Keys, each at the first free place from its hash on. `N` is a power of two and more than twice the number of keys.
pub(super) struct Set<const N: usize>(pub(super) [u64; N]);

impl<const N: usize> Set<N> {
    /// Adds a key; false where it was there already.
    pub const fn add(&mut self, key: u64) -> bool {
        let mut place = key as usize & (N - 1);
        let mut tried = 0;
        while tried < N && self.0[place] != 0 {
            if self.0[place] == key {
                return false;
            }
            place = (place + 1) & (N - 1);
            tried += 1;
        }
        if tried < N {
            self.0[place] = key;
        }
        true
    }

    pub const fn has(&self, key: u64) -> bool {
        let mut place = key as usize & (N - 1);
        let mut tried = 0;
        while tried < N && self.0[place] != 0 {
            if self.0[place] == key {
                return true;
            }
            place = (place + 1) & (N - 1);
            tried += 1;
        }
        false
    }
}
