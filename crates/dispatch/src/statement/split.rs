//! Splitting an amount so that the cents add up.

use crate::model::Amount;

/// Splits an amount by weights. Whatever the weights, the parts add up to the amount, and each is less than a cent
/// from its exact share: all are rounded down, and the cents that are left go one by one to those who lost most by that,
/// of equals to whoever comes first. `None` if all weights are nothing.
pub fn split(amount: Amount, weights: &[u32]) -> Option<Vec<Amount>> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if whole == 0 {
        return None;
    }
    let (sign, cents) = (amount.cents().signum(), i128::from(amount.cents().unsigned_abs()));
    let exact = |weight: &u32| cents * i128::from(*weight);
    let mut parts: Vec<i128> = weights.iter().map(|weight| exact(weight) / whole).collect();
    let left = cents - parts.iter().sum::<i128>();
    let mut by_loss: Vec<usize> = (0..weights.len()).collect();
    by_loss.sort_by_key(|n| std::cmp::Reverse(exact(&weights[*n]) % whole));
    // Fewer cents are left than there are people who lost something.
    for n in by_loss.into_iter().take(left as usize) {
        parts[n] += 1;
    }
    Some(parts.into_iter().map(|part| Amount::from_cents(sign * part as i64)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cents(amount: i64, weights: &[u32]) -> Vec<i64> {
        split(Amount::from_cents(amount), weights).unwrap().into_iter().map(Amount::cents).collect()
    }

    #[test]
    fn the_cents_that_are_left_go_to_whoever_lost_most() {
        assert_eq!(cents(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(cents(200, &[1, 1, 1]), [67, 67, 66]);
        assert_eq!(cents(10_000, &[2, 1]), [6_667, 3_333]);
        assert_eq!(cents(1, &[1, 2]), [0, 1]);
        assert_eq!(cents(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(cents(5, &[0, 3, 0]), [0, 5, 0]);
        assert_eq!(split(Amount::from_cents(5), &[0, 0]), None);
        assert_eq!(split(Amount::from_cents(5), &[]), None);
    }

    proptest! {
        #[test]
        fn the_parts_of_a_split_add_up(amount in -2_000_000_000i64..2_000_000_000, weights in prop::collection::vec(0u32..100_000, 1..20)) {
            let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            let parts = split(Amount::from_cents(amount), &weights);
            prop_assert_eq!(parts.is_none(), whole == 0);
            for (part, weight) in parts.iter().flatten().zip(&weights) {
                let off = (i128::from(part.cents()) * whole - i128::from(amount) * i128::from(*weight)).abs();
                prop_assert!(off < whole, "{} of {} by {:?}", part, amount, weights);
            }
            if let Some(parts) = parts {
                prop_assert_eq!(parts.into_iter().sum::<Amount>().cents(), amount);
            }
        }
    }
}
