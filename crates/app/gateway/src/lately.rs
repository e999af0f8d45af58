//! What was looked up a moment ago, and will be asked for again at once.
//!
//! What is changed in this process is forgotten at once, also by whoever has
//! looked it up before and would remember it after. What is changed in another
//! process is noticed when the moment is over.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lodge_kernel::Timestamp;

/// How many things are remembered of one kind.
const MOST: usize = 4_096;

/// Things by their keys, each for a moment.
pub struct Lately<K, V> {
    known: Mutex<Known<K, V>>,
    moment: Duration,
}

struct Known<K, V> {
    /// Each with the end of its moment.
    things: HashMap<K, (V, Timestamp)>,
    forgotten: u64,
}

/// How often something was forgotten before a look-up.
#[derive(Clone, Copy, Debug)]
pub struct Before(u64);

impl<K: Eq + Hash, V: Clone> Lately<K, V> {
    /// Remembers things for `moment`, and at most 4,096 of them.
    pub fn new(moment: Duration) -> Self {
        let known = Known { things: HashMap::new(), forgotten: 0 };
        Self { known: Mutex::new(known), moment }
    }

    fn known(&self) -> MutexGuard<'_, Known<K, V>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is remembered under `key`.
    pub fn get(&self, key: &K, now: Timestamp) -> Option<V> {
        let known = self.known();
        let (thing, until) = known.things.get(key)?;
        self.is_now(now, *until).then(|| thing.clone())
    }

    /// The moment that ends at `until` is not over, and has begun: after a clock
    /// was put back, it would else last as long as that.
    fn is_now(&self, now: Timestamp, until: Timestamp) -> bool {
        now < until && until <= now.plus(self.moment)
    }

    /// To be taken before something is looked up that will be
    /// [kept](Self::keep).
    pub fn before(&self) -> Before {
        Before(self.known().forgotten)
    }

    /// Remembers `thing`, unless something was forgotten since `before`.
    pub fn keep(&self, before: Before, key: K, thing: V, now: Timestamp) {
        let mut known = self.known();
        if known.forgotten != before.0 {
            return;
        }
        if known.things.len() >= MOST {
            known.things.retain(|_, (_, until)| self.is_now(now, *until));
        }
        if known.things.len() < MOST {
            known.things.insert(key, (thing, now.plus(self.moment)));
        }
    }

    /// Forgets what is under `key`: it was changed.
    pub fn forget(&self, key: &K) {
        let mut known = self.known();
        known.forgotten += 1;
        known.things.remove(key);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let mut known = self.known();
        known.forgotten += 1;
        known.things.clear();
    }
}

/// Secrets are among what is remembered: none of it is shown.
impl<K, V> fmt::Debug for Lately<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lately").field("moment", &self.moment).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(100);
    const NOW: Timestamp = Timestamp::from_micros(1_000_000);

    fn known() -> Lately<u32, &'static str> {
        let lately = Lately::new(MOMENT);
        lately.keep(lately.before(), 1, "one", NOW);
        lately.keep(lately.before(), 2, "two", NOW);
        lately
    }

    #[test]
    fn a_thing_is_remembered_for_its_moment() {
        let lately = known();
        let last = NOW.plus(MOMENT.saturating_sub(Duration::from_micros(1)));
        assert_eq!(lately.get(&1, last), Some("one"));
        assert_eq!(lately.get(&1, NOW.plus(MOMENT)), None);
        assert_eq!(lately.get(&3, NOW), None);
        let put_back = Timestamp::from_micros(NOW.as_micros() - 1);
        assert_eq!(lately.get(&1, put_back), None);
    }

    #[test]
    fn what_was_looked_up_before_it_was_forgotten_is_not_kept_after() {
        let lately = known();
        let before = lately.before();
        lately.forget(&1);
        lately.keep(before, 1, "old", NOW);
        assert_eq!((lately.get(&1, NOW), lately.get(&2, NOW)), (None, Some("two")));
        let before = lately.before();
        lately.clear();
        lately.keep(before, 2, "old", NOW);
        assert_eq!(lately.get(&2, NOW), None);
    }

    #[test]
    fn when_there_is_no_room_those_go_whose_moment_is_over() {
        let lately = Lately::new(MOMENT);
        for key in 0..MOST {
            lately.keep(lately.before(), key, "old", NOW);
        }
        lately.keep(lately.before(), MOST, "one more", NOW);
        assert_eq!(lately.get(&MOST, NOW), None);
        let later = NOW.plus(MOMENT);
        lately.keep(lately.before(), MOST, "one more", later);
        assert_eq!((lately.get(&MOST, later), lately.get(&0, later)), (Some("one more"), None));
        assert_eq!(lately.known().things.len(), 1);
    }
}
