//! Whom of a rank comes before whom.

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember, Fault};

use crate::app::{App, AppError, Caller};
use crate::store::{Key, Table, Versioned, Write, read_many};

impl App {
    /// Has somebody asked directly before somebody else of their rank. The others keep their numbers but for those that
    /// have to make room. Says whether that is news.
    ///
    /// # Errors
    /// If the store fails, or others write the same people all the time.
    pub async fn ask_before(
        &self,
        crew_id: &CrewId,
        before: &CrewId,
        caller: &Caller,
    ) -> Result<Result<bool, Fault>, AppError> {
        let mut attempts = 0;
        loop {
            let mut rank = self.roster().await?;
            let find = |id: &CrewId| rank.iter().find(|member| member.crew_id == *id);
            let (Some(one), Some(other)) = (find(crew_id), find(before)) else {
                let gone = if find(crew_id).is_none() { crew_id } else { before };
                return Ok(Err(Fault::new("crew_id", format!("{gone} is not on the roster"))));
            };
            if one.rank != other.rank {
                let problem = format!(
                    "{} is {}, and {} is {}; only people of one rank follow each other",
                    one.name, one.rank, other.name, other.rank
                );
                return Ok(Err(Fault::new("rank", problem)));
            }
            let of_rank = one.rank.clone();
            rank.retain(|member| member.rank == of_rank);
            let changed = renumbered(&rank, crew_id, before);
            if changed.is_empty() {
                return Ok(Ok(false));
            }
            tracing::info!(%crew_id, %before, by = ?caller.by, "another order of asking");
            attempts += 1;
            match self.renumber(&rank, changed).await {
                Err(AppError::Superseded(_)) if attempts < limits::COMMIT_ATTEMPTS => {}
                written => return written.map(|()| Ok(true)),
            }
        }
    }

    /// Writes the numbers, if everyone who gets another one is as they were read.
    async fn renumber(&self, rank: &[CrewMember], changed: Vec<(usize, u32)>) -> Result<(), AppError> {
        let ids: Vec<&str> = changed.iter().map(|(at, _)| rank[*at].crew_id.as_str()).collect();
        let read = read_many::<CrewMember>(&*self.store, &ids).await?;
        let mut writes = Vec::with_capacity(changed.len());
        for ((at, number), read) in changed.into_iter().zip(read) {
            let known: Option<Versioned<CrewMember>> = read.filter(|read| read.value == rank[at]);
            let Some(known) = known else {
                return Err(AppError::Superseded(Key::new(Table::Crew, rank[at].crew_id.as_str())));
            };
            let member = CrewMember { cascade_order: Some(number), ..known.value.clone() };
            writes.push(Write::put(&member, known.expected())?);
        }
        self.write_records(writes).await
    }
}

/// Who gets which number, by their places in the rank, so that `id` comes directly before `before`.
fn renumbered(rank: &[CrewMember], id: &CrewId, before: &CrewId) -> Vec<(usize, u32)> {
    let place = |id: &CrewId| rank.iter().position(|member| member.crew_id == *id);
    let (Some(one), Some(other)) = (place(id), place(before)) else { return Vec::new() };
    if one == other || one + 1 == other {
        return Vec::new();
    }
    let ahead: Vec<usize> = (0..other).filter(|at| *at != one).collect();
    let behind: Vec<usize> = (other..rank.len()).filter(|at| *at != one).collect();
    let numbers = few_numbers(rank, &ahead, one, &behind);
    // Where there is no number left, everyone gets one anew.
    let mut changed = numbers.unwrap_or_else(|| {
        let all = ahead.iter().chain([&one]).chain(&behind);
        all.zip(1..).map(|(at, number)| (*at, number)).collect()
    });
    changed.retain(|(at, number)| rank[*at].cascade_order != Some(*number));
    changed
}

/// The numbers of as few as possible; `None` if they are too large for it.
fn few_numbers(
    rank: &[CrewMember],
    ahead: &[usize],
    one: usize,
    behind: &[usize],
) -> Option<Vec<(usize, u32)>> {
    let (mut changed, mut last) = (Vec::new(), 0_u32);
    for at in ahead {
        last = match rank[*at].cascade_order {
            Some(number) => number,
            // Who has no number stands behind all who have; whoever follows them now has one.
            None => {
                changed.push((*at, last.checked_add(1)?));
                last.checked_add(1)?
            }
        };
    }
    last = last.checked_add(1)?;
    changed.push((one, last));
    for at in behind {
        match rank[*at].cascade_order {
            Some(number) if number <= last => {
                last = last.checked_add(1)?;
                changed.push((*at, last));
            }
            Some(_) | None => break,
        }
    }
    Some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(people: &[(&str, Option<u32>)]) -> Vec<CrewMember> {
        let person = |(id, order): &(&str, Option<u32>)| {
            let record =
                serde_json::json!({ "crew_id": id, "name": id, "rank": "mate", "cascade_order": order });
            CrewMember::parse(record.as_object().unwrap()).unwrap()
        };
        people.iter().map(person).collect()
    }

    /// The order of asking afterwards, and who has another number.
    fn moved(people: &[(&str, Option<u32>)], id: &str, before: &str) -> (String, usize) {
        let mut rank = rank(people);
        let changed = renumbered(&rank, &id.parse().unwrap(), &before.parse().unwrap());
        for (at, number) in &changed {
            rank[*at].cascade_order = Some(*number);
        }
        rank.sort_by_key(|member| (member.cascade_order.unwrap_or(u32::MAX), member.crew_id.clone()));
        let ids: Vec<&str> = rank.iter().map(|member| member.crew_id.as_str()).collect();
        (ids.join(" "), changed.len())
    }

    #[test]
    fn whoever_is_moved_comes_directly_before_the_other_and_few_numbers_change() {
        let dense = [("a", Some(1)), ("b", Some(2)), ("c", Some(3)), ("d", Some(4))];
        assert_eq!(moved(&dense, "c", "b"), ("a c b d".into(), 2));
        assert_eq!(moved(&dense, "d", "a"), ("d a b c".into(), 4));
        assert_eq!(moved(&dense, "b", "a"), ("b a c d".into(), 2));
        assert_eq!(moved(&dense, "a", "c"), ("b a c d".into(), 3));
        assert_eq!(moved(&dense, "a", "b").1, 0);
        assert_eq!(moved(&dense, "a", "a").1, 0);
        let sparse = [("a", Some(10)), ("b", Some(20)), ("c", Some(30))];
        assert_eq!(moved(&sparse, "c", "b"), ("a c b".into(), 1));
    }

    #[test]
    fn people_of_one_number_or_of_none_are_told_apart_where_it_matters() {
        let tied = [("a", Some(1)), ("b", Some(1)), ("c", Some(1)), ("d", Some(5))];
        assert_eq!(moved(&tied, "b", "a"), ("b a c d".into(), 2));
        assert_eq!(moved(&tied, "c", "b"), ("a c b d".into(), 2));
        let none = [("a", Some(3)), ("b", None), ("c", None), ("d", None)];
        assert_eq!(moved(&none, "d", "c"), ("a b d c".into(), 2));
        assert_eq!(moved(&none, "b", "a"), ("b a c d".into(), 1));
        assert_eq!(moved(&[("a", None), ("b", None)], "b", "a"), ("b a".into(), 1));
        let largest = [("a", Some(u32::MAX)), ("b", None), ("c", None), ("d", None)];
        assert_eq!(moved(&largest, "d", "c"), ("a b d c".into(), 4));
        assert_eq!(moved(&largest, "b", "a"), ("b a c d".into(), 1));
    }
}
