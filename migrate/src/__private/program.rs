//! The functions that migrations call.

/// A migration with its functions: each is represented by its name and a call of it by the user's own path, which is written once, so that
/// rustc reports errors there.
#[cfg(feature = "runtime")]
#[doc(hidden)]
#[macro_export]
macro_rules! __programs {
    (($migration:expr) $($calls:ident $name:literal { $call:expr })*) => {{
        #[allow(unused_imports)]
        use $crate::__private::{in_batches as __in_batches, once as __once, outside as __outside};
        const __PROGRAMS: &[$crate::__private::ProgramFunction] = &[$($crate::__private::ProgramFunction {
            name: $name,
            calls: $crate::__private::Calls::$calls,
            function: &$crate::__private::Callable($call),
        }),*];
        $migration.calling(__PROGRAMS)
    }};
}

/// The same in a build that runs nothing: the error about missing databases is at the history.
#[cfg(not(feature = "runtime"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __programs {
    (($migration:expr) $($rest:tt)*) => {
        $migration
    };
}
