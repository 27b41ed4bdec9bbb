//! How a compiled migration, or a schema on its way through macros, is written into one string literal: length-prefixed, so that reading it never looks for an end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::{List, Text};

/// What can be written into a literal and read back.
pub trait Codec: Sized {
    /// Appends the value.
    fn write(&self, out: &mut String);

    /// Takes the value off the front; `None` where the text is not one.
    fn read(input: &mut &str) -> Option<Self>;
}

/// Takes the text up to a mark, and the mark.
fn until<'a>(input: &mut &'a str, mark: char) -> Option<&'a str> {
    let (text, rest) = input.split_once(mark)?;
    *input = rest;
    Some(text)
}

/// Takes one letter.
pub fn letter(input: &mut &str) -> Option<char> {
    let mut letters = input.chars();
    let first = letters.next()?;
    *input = letters.as_str();
    Some(first)
}

/// A list of what an older form has, which is read in its own way.
pub(crate) fn many<T>(input: &mut &str, read: fn(&mut &str) -> Option<T>) -> Option<Vec<T>> {
    let length = usize::read(input)?;
    (0..length).map(|_| read(input)).collect()
}

macro_rules! number {
    ($($ty:ty),*) => {$(
        impl Codec for $ty {
            fn write(&self, out: &mut String) {
                out.push_str(&self.to_string());
                out.push(';');
            }

            fn read(input: &mut &str) -> Option<Self> {
                until(input, ';')?.parse().ok()
            }
        }
    )*};
}

number!(u8, u16, u32, usize);

impl Codec for String {
    fn write(&self, out: &mut String) {
        out.push_str(&self.len().to_string());
        out.push(':');
        out.push_str(self);
    }

    fn read(input: &mut &str) -> Option<Self> {
        let length: usize = until(input, ':')?.parse().ok()?;
        let (text, rest) = input.split_at_checked(length)?;
        *input = rest;
        Some(text.to_owned())
    }
}

impl Codec for Arc<str> {
    fn write(&self, out: &mut String) {
        out.push_str(&self.len().to_string());
        out.push(':');
        out.push_str(self);
    }

    fn read(input: &mut &str) -> Option<Self> {
        String::read(input).map(Arc::from)
    }
}

impl Codec for Text {
    fn write(&self, out: &mut String) {
        out.push_str(&self.len().to_string());
        out.push(':');
        out.push_str(self);
    }

    fn read(input: &mut &str) -> Option<Self> {
        String::read(input).map(Text::from)
    }
}

impl<T: Codec + Clone> Codec for List<T> {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(input: &mut &str) -> Option<Self> {
        Vec::read(input).map(List::from)
    }
}

impl Codec for bool {
    fn write(&self, out: &mut String) {
        out.push(if *self { 'y' } else { 'n' });
    }

    fn read(input: &mut &str) -> Option<Self> {
        match letter(input)? {
            'y' => Some(true),
            'n' => Some(false),
            _ => None,
        }
    }
}

impl<T: Codec> Codec for Option<T> {
    fn write(&self, out: &mut String) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(input: &mut &str) -> Option<Self> {
        if bool::read(input)? { T::read(input).map(Some) } else { Some(None) }
    }
}

impl<T: Codec> Codec for Vec<T> {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(input: &mut &str) -> Option<Self> {
        let length = usize::read(input)?;
        (0..length).map(|_| T::read(input)).collect()
    }
}

impl<T: Codec> Codec for Box<T> {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        T::read(input).map(Box::new)
    }
}

impl<T: Codec> Codec for Arc<T> {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        T::read(input).map(Arc::new)
    }
}

impl<A: Codec, B: Codec> Codec for (A, B) {
    fn write(&self, out: &mut String) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        Some((A::read(input)?, B::read(input)?))
    }
}

impl<K: Codec + Ord, V: Codec> Codec for BTreeMap<K, V> {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        for (key, value) in self {
            key.write(out);
            value.write(out);
        }
    }

    fn read(input: &mut &str) -> Option<Self> {
        let length = usize::read(input)?;
        (0..length).map(|_| <(K, V)>::read(input)).collect()
    }
}

impl<T: Codec + Ord> Codec for BTreeSet<T> {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(input: &mut &str) -> Option<Self> {
        let length = usize::read(input)?;
        (0..length).map(|_| T::read(input)).collect()
    }
}

/// A struct is its fields, in this order.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($ty:ident { $($field:ident),* $(,)? }) => {
        impl $crate::codec::Codec for $ty {
            fn write(&self, out: &mut String) {
                let $ty { $($field),* } = self;
                $($crate::codec::Codec::write($field, out);)*
            }

            fn read(input: &mut &str) -> Option<Self> {
                $(let $field = $crate::codec::Codec::read(input)?;)*
                Some($ty { $($field),* })
            }
        }
    };
}

/// An enum is a letter and the fields of its variant.
#[doc(hidden)]
#[macro_export]
macro_rules! choice {
    ($ty:ident { $($tag:literal $variant:ident $(($($item:ident),*))? $({ $($field:ident),* })?),* $(,)? }) => {
        impl $crate::codec::Codec for $ty {
            fn write(&self, out: &mut String) {
                match self {
                    $($ty::$variant $(($($item),*))? $({ $($field),* })? => {
                        out.push($tag);
                        $($($crate::codec::Codec::write($item, out);)*)?
                        $($($crate::codec::Codec::write($field, out);)*)?
                    })*
                }
            }

            fn read(input: &mut &str) -> Option<Self> {
                match $crate::codec::letter(input)? {
                    $($tag => {
                        $($(let $item = $crate::codec::Codec::read(input)?;)*)?
                        $($(let $field = $crate::codec::Codec::read(input)?;)*)?
                        Some($ty::$variant $(($($item),*))? $({ $($field),* })?)
                    })*
                    _ => None,
                }
            }
        }
    };
}
