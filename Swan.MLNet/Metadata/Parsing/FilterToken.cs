namespace Swan.MLNet.Metadata;

/// <summary>The kind of a piece of a filter's text.</summary>
internal enum FilterTokenKind
{
    End,
    Word,
    Symbol,
    Value,
}

/// <summary>A piece of a filter's text.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">Its UTF-16 code units.</param>
/// <param name="Text">Itself; of a quoted text, nothing.</param>
/// <param name="Value">A text, number or date.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, int Start, int Length, string Text, SwanFilterValue Value = default)
{
    public int End => Start + Length;

    /// <summary>Whether it is a word of the language, in any case.</summary>
    public bool IsWord(string word) => Kind == FilterTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(string symbol) => Kind == FilterTokenKind.Symbol && Text == symbol;
}
