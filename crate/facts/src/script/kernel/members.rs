//! A program's functions by their scopes.

use super::scan::Member;

/// No place.
const NONE: u32 = u32::MAX;

/// Functions, found at once by the number of their scope.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// By scope: where its function stands.
    places: Vec<u32>,
    all: Vec<(u32, Member)>,
}

impl Members {
    /// For scopes up to a number.
    pub(super) fn new(scopes: usize) -> Self {
        Self { places: vec![NONE; scopes], all: Vec::new() }
    }

    fn place(&self, scope: usize) -> Option<usize> {
        self.places.get(scope).filter(|place| **place != NONE).map(|place| *place as usize)
    }

    /// The function of a scope.
    pub(super) fn get(&self, scope: &usize) -> Option<&Member> {
        self.place(*scope).and_then(|place| self.all.get(place)).map(|(_, member)| member)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, scope: &usize) -> Option<&mut Member> {
        self.place(*scope).and_then(|place| self.all.get_mut(place)).map(|(_, member)| member)
    }

    /// Adds the function of a scope, or puts it in the place of the one that is there.
    pub(super) fn insert(&mut self, scope: usize, member: Member) {
        if let Some(known) = self.get_mut(&scope) {
            *known = member;
        } else if let Some(place) = self.places.get_mut(scope) {
            *place = self.all.len() as u32;
            self.all.push((scope as u32, member));
        }
    }

    /// All of them, in the order of their scopes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Member)> {
        let places = self.places.iter().filter(|place| **place != NONE);
        places.filter_map(|place| self.all.get(*place as usize)).map(|(scope, member)| (*scope as usize, member))
    }

    /// All of them, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut Member)> {
        self.all.iter_mut().map(|(scope, member)| (*scope as usize, member))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_told_in_the_order_of_their_scopes() {
        let mut members = Members::new(8);
        for (scope, mixes) in [(5, 1), (2, 2), (5, 3), (9, 4)] {
            members.insert(scope, Member { mixes, ..Member::default() });
        }
        let told: Vec<_> = members.iter().map(|(scope, member)| (scope, member.mixes)).collect();
        assert_eq!(told, [(2, 2), (5, 3)]);
        assert!(members.get(&3).is_none() && members.get(&9).is_none());
        members.iter_mut().for_each(|(scope, member)| member.mixes = scope as u32);
        assert_eq!(members.get(&5).map(|member| member.mixes), Some(5));
    }
}
