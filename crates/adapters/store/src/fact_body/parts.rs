//! Values of the domain, as JSON holds them.

use lodge_activity::{
    ActorId, ChangedFile, Changes, CiStatus, IssueState, MergeRequestState, MilestoneKind,
};
use lodge_kernel::{Digest, Timestamp, hex};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error};

/// A value that JSON holds in another form.
pub(super) trait Plain: Sized {
    type Form: Serialize + DeserializeOwned;

    fn form(&self) -> Self::Form;

    fn of(form: Self::Form) -> Result<Self, &'static str>;
}

pub(super) fn serialize<T: Plain, S: Serializer>(it: &T, to: S) -> Result<S::Ok, S::Error> {
    it.form().serialize(to)
}

pub(super) fn deserialize<'de, T: Plain, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::of(T::Form::deserialize(from)?).map_err(D::Error::custom)
}

impl<T: Plain> Plain for Option<T> {
    type Form = Option<T::Form>;

    fn form(&self) -> Self::Form {
        self.as_ref().map(T::form)
    }

    fn of(form: Self::Form) -> Result<Self, &'static str> {
        form.map(T::of).transpose()
    }
}

impl<T: Plain> Plain for Vec<T> {
    type Form = Vec<T::Form>;

    fn form(&self) -> Self::Form {
        self.iter().map(T::form).collect()
    }

    fn of(form: Self::Form) -> Result<Self, &'static str> {
        form.into_iter().map(T::of).collect()
    }
}

impl Plain for Timestamp {
    /// Microseconds since 1970.
    type Form = i64;

    fn form(&self) -> i64 {
        self.as_micros()
    }

    fn of(form: i64) -> Result<Self, &'static str> {
        Ok(Self::from_micros(form))
    }
}

impl Plain for ActorId {
    type Form = String;

    fn form(&self) -> String {
        self.to_string()
    }

    fn of(form: String) -> Result<Self, &'static str> {
        hex::decode(&form).map(|it| Self(Digest(it))).ok_or("an actor has 64 hexadecimal digits")
    }
}

impl Plain for ChangedFile {
    /// Path, lines added, lines removed.
    type Form = (String, Option<u32>, Option<u32>);

    fn form(&self) -> Self::Form {
        (self.path.clone(), self.additions, self.deletions)
    }

    fn of((path, additions, deletions): Self::Form) -> Result<Self, &'static str> {
        Ok(Self { path, additions, deletions })
    }
}

impl Plain for Changes {
    /// Files, and how many are left out.
    type Form = (Vec<<ChangedFile as Plain>::Form>, u32);

    fn form(&self) -> Self::Form {
        (self.files.form(), self.left_out)
    }

    fn of((files, left_out): Self::Form) -> Result<Self, &'static str> {
        Ok(Self { files: Vec::of(files)?, left_out })
    }
}

macro_rules! named {
    ($($type:ty: $unknown:literal;)+) => {$(
        impl Plain for $type {
            type Form = String;

            fn form(&self) -> String {
                self.name().to_owned()
            }

            fn of(form: String) -> Result<Self, &'static str> {
                Self::parse(&form).ok_or($unknown)
            }
        }
    )+};
}

named! {
    MergeRequestState: "an unknown state of a merge request";
    IssueState: "an unknown state of an issue";
    CiStatus: "an unknown state of a run";
    MilestoneKind: "an unknown kind of milestone";
}
