/// Rows: what lines, csv and tsv files, and JSON Lines are made of, read one by one in the memory
/// of one record.
@NullMarked
package io.fanwise.rows;

import org.jspecify.annotations.NullMarked;
