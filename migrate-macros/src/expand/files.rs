//! The files whose rows a migration inserts: read by `include_str!`, so that they are in the program and a change of one rebuilds it.

use migrate_compiler::parse::Parsed;
use migrate_compiler::rows_file::{FileColumn, RowsFile};
use migrate_compiler::types::Type;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::face::Face;

/// The files as `__FILES`, the look at the first line of each, and the test that looks at the rest.
pub(crate) fn files(face: &Face, parsed: &Parsed, files: &[RowsFile]) -> TokenStream {
    if files.is_empty() {
        return TokenStream::new();
    }
    let each = files.iter().map(|file| {
        let (name, columns) = (&file.name, file.columns.iter().map(column));
        // The macro is identified by its path, and its error is at the user's word.
        let text = quote_spanned! { place(parsed, file) => ::core::include_str!(#name) };
        quote! { DataFile { name: #name, text: #text, columns: &[#(#columns),*] } }
    });
    let checks = files.iter().enumerate().map(|(at, file)| {
        // A path that begins with `$crate` would move the error from the word to the whole macro.
        quote_spanned! { place(parsed, file) => const _: () = __has_columns(__FILES[#at]); }
    });
    quote! {
        #[doc(hidden)]
        const __FILES: &[#face::__private::DataFile] = {
            use #face::__private::{DataColumn, DataFile, DataValues};
            &[#(#each),*]
        };
        #[allow(unused_imports)]
        use #face::__private::has_columns as __has_columns;
        #(#checks)*
        #face::__files_are_read! {}
    }
}

/// Where a file is written.
fn place(parsed: &Parsed, file: &RowsFile) -> Span {
    let found = parsed.files.iter().find(|(name, _)| *name == file.name);
    found.map_or_else(Span::call_site, |(_, span)| Span::mixed_site().located_at(*span))
}

fn column(column: &FileColumn) -> TokenStream {
    let FileColumn { name, ty, nullable } = column;
    let values = values(ty);
    quote! { DataColumn { name: #name, values: DataValues::#values, nullable: #nullable } }
}

/// Which texts are values of a type, as far as that is known before the database is asked.
fn values(ty: &Type) -> TokenStream {
    match ty {
        Type::Boolean => quote! { Boolean },
        Type::SmallInt | Type::Integer | Type::BigInt => {
            let (low, high) = ty.integer_range().unwrap_or((i64::MIN, i64::MAX));
            quote! { Integer { low: #low, high: #high } }
        }
        Type::Real | Type::Double | Type::Decimal { .. } => quote! { Number },
        Type::Text => quote! { Text { most: None } },
        Type::Varchar(_) | Type::Char(_) => match ty.length() {
            Some(most) => quote! { Text { most: Some(#most) } },
            None => quote! { Text { most: None } },
        },
        Type::Enum(of) => {
            let values = &of.values;
            quote! { OneOf(&[#(#values),*]) }
        }
        Type::Json => quote! { Json },
        Type::Uuid => quote! { Uuid },
        Type::Bytes | Type::Date | Type::Time | Type::Timestamp | Type::Timestamptz => quote! { Unchecked },
        Type::Interval | Type::Array(_) | Type::Native(_) => quote! { Unchecked },
    }
}
