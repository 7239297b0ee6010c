//! The best of many scored documents.

use tantivy::{DocId, Score};

/// Keeps the documents with the highest scores; of equals the first ones.
pub(super) struct Best {
    limit: usize,
    /// At most twice the limit.
    found: Vec<(Score, DocId)>,
    /// What is not above this can't be among the best any more.
    least: Score,
}

impl Best {
    pub(super) fn new(limit: usize) -> Self {
        let limit = limit.max(1);
        Self { limit, found: Vec::new(), least: Score::NEG_INFINITY }
    }

    /// Takes a document; they come in ascending order.
    pub(super) fn add(&mut self, score: Score, document: DocId) {
        if score <= self.least {
            return;
        }
        self.found.push((score, document));
        if self.found.len() >= 2 * self.limit {
            self.cut();
        }
    }

    /// Best first.
    pub(super) fn into_found(mut self) -> Vec<(Score, DocId)> {
        self.found.sort_unstable_by(order);
        self.found.truncate(self.limit);
        self.found
    }

    fn cut(&mut self) {
        let (_, last, _) = self.found.select_nth_unstable_by(self.limit - 1, order);
        self.least = last.0;
        self.found.truncate(self.limit);
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what sorting hands over")]
fn order(a: &(Score, DocId), b: &(Score, DocId)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_head_of_the_sorted_whole() {
        // Scores repeat, so that ties are cut as well.
        let all: Vec<(Score, DocId)> =
            (0..5000u32).map(|n| ((n * 7919 % 101) as Score / 8.0, n)).collect();
        let mut sorted = all.clone();
        sorted.sort_by(order);
        for limit in [1, 7, 300, 6000] {
            let mut best = Best::new(limit);
            all.iter().for_each(|(score, document)| best.add(*score, *document));
            assert_eq!(best.into_found(), sorted[..limit.min(all.len())]);
        }
    }
}
