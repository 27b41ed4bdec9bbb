//! The files whose rows a migration inserts: read by `include_str!`, so that they are in the program and a change of one rebuilds it.

use migrate_compiler::parse::Parsed;
use migrate_compiler::rows_file::{FileColumn, RowsFile};
use migrate_history::DataValues;
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
    let FileColumn { name, ty: _, nullable } = column;
    let values = values(column.values());
    quote! { DataColumn { name: #name, values: DataValues::#values, nullable: #nullable } }
}

fn values(values: DataValues) -> TokenStream {
    match values {
        DataValues::Boolean => quote! { Boolean },
        DataValues::Integer { low, high } => quote! { Integer { low: #low, high: #high } },
        DataValues::Number => quote! { Number },
        DataValues::Text { most: None } => quote! { Text { most: None } },
        DataValues::Text { most: Some(most) } => quote! { Text { most: Some(#most) } },
        DataValues::OneOf(values) => quote! { OneOf(&[#(#values),*]) },
        DataValues::Json => quote! { Json },
        DataValues::Uuid => quote! { Uuid },
        DataValues::Unchecked => quote! { Unchecked },
    }
}
