/**
 * Figures of several runs, kept as JSON, and the tables and pictures that documents show of them.
 *
 * <p>{@code FiguresCommand} is the way in. {@code Figures} are a file, {@code Tables} the tables of
 * a document, {@code Pictures} what is drawn, each a {@code Chart} that writes itself as SVG.
 */
@NullMarked
package dev.rustyonions.bus.bench.figures;

import org.jspecify.annotations.NullMarked;
