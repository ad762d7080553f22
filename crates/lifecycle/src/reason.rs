//! Stable reasons: a code for programs, a sentence and advice for people.

/// Declares an enum of reasons, each with its code, its sentence and what to do.
macro_rules! reasons {
    (
        $(#[doc = $about:literal])+
        pub enum $reasons:ident;
        $($(#[doc = $doc:literal])+ $name:ident = $code:literal, $advice:literal;)+
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $reasons {
            $($(#[doc = $doc])+ $name,)+
        }

        impl $reasons {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable code for programs.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What is wrong, as a sentence for people.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// What to do about it, as a sentence for people.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)+ }
            }
        }
    };
}

pub(crate) use reasons;
