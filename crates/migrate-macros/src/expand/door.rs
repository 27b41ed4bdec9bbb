//! The macro by which a migration hands its schema on.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Path;

use crate::relay;

/// The macro, and the way to it from a child's child: `__here`, which holds the parent's `__here` where the literal is only what
/// was changed since.
pub(crate) fn door(literal: &str, parent: Option<&Path>) -> TokenStream {
    let door = relay::door(Span::call_site());
    let before = parent.map(|parent| quote! { #[allow(unused_imports)] pub(crate) use #parent::__here as __before; });
    let inner = parent.map(|_| quote! { #[allow(unused_imports)] pub(crate) use super::__before; });
    quote! {
        #[doc(hidden)]
        #[allow(unused_macros)]
        macro_rules! #door {
            ($($rest:tt)*) => { ::migrate::__step! { #literal $($rest)* } };
        }
        #[doc(hidden)]
        #[allow(unused_imports)]
        pub(crate) use #door;
        #[doc(hidden)]
        #before
        #[doc(hidden)]
        pub(crate) mod __here {
            #[allow(unused_imports)]
            pub(crate) use super::#door;
            #inner
        }
    }
}
