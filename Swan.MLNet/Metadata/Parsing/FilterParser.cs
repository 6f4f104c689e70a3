namespace Swan.MLNet.Metadata;

/// <summary>Reads a filter's text. docs/guide/index-columns.md has the grammar.</summary>
internal sealed partial class FilterParser
{
    private readonly string _text;
    private readonly ColumnSet? _columns;
    private readonly FilterReader _reader;
    private FilterToken _token;
    private int _open, _terms, _values, _lastEnd;

    public FilterParser(string text, ColumnSet? columns)
    {
        (_text, _columns, _reader) = (text, columns, new FilterReader(text));
        _token = _reader.Next();
    }

    /// <exception cref="SwanFilterException">The text is not a filter.</exception>
    public SwanFilter Parse()
    {
        if (_token.Kind == FilterTokenKind.End)
            throw Error("The filter is empty. Write a comparison, such as region = 'north', or leave the filter out.");
        SwanFilter filter = Any();
        return _token.Kind == FilterTokenKind.End ? filter : throw Expected("'and', 'or' or the filter's end");
    }

    // any = all { "or" all }
    private SwanFilter Any()
    {
        List<SwanFilter> parts = [All()];
        while (TryWord("or")) parts.Add(All());
        return Combination.Make(all: false, parts);
    }

    // all = one { "and" one }
    private SwanFilter All()
    {
        List<SwanFilter> parts = [One()];
        while (TryWord("and")) parts.Add(One());
        return Combination.Make(all: true, parts);
    }

    // one = { "not" } ( "(" any ")" | "true" | "false" | comparison )
    private SwanFilter One()
    {
        bool contrary = false;
        while (TryWord("not")) contrary = !contrary;
        SwanFilter filter;
        if (_token.IsSymbol("("))
        {
            if (++_open > FilterLimits.MaxOpen) throw Error(FilterLimits.TooDeep);
            Advance();
            filter = Any();
            Require(")", "'and', 'or' or ')'");
            _open--;
        }
        else
        {
            if (++_terms > FilterLimits.MaxTerms) throw Error(FilterLimits.TooManyTerms);
            filter = TryWord("true") ? Constant.Of(true) : TryWord("false") ? Constant.Of(false) : Term();
        }
        return contrary ? Negation.Make(filter) : filter;
    }

    private void Advance()
    {
        _lastEnd = _token.End;
        _token = _reader.Next();
    }

    private bool TryWord(string word)
    {
        if (!_token.IsWord(word)) return false;
        Advance();
        return true;
    }

    private bool TrySymbol(string symbol)
    {
        if (!_token.IsSymbol(symbol)) return false;
        Advance();
        return true;
    }

    private void Require(string symbol, string expected)
    {
        if (!TrySymbol(symbol)) throw Expected(expected);
    }

    private SwanFilterException Expected(string expected, string advice = "")
    {
        string found = _token.Kind switch
        {
            FilterTokenKind.End => "the filter's end",
            FilterTokenKind.Value when _token.Text.Length == 0 => "a text",
            _ => $"'{(_token.Text.Length <= 40 ? _token.Text : _token.Text[..40] + "…")}'",
        };
        return Error($"Found {found}; expected {expected}.{advice}");
    }

    private SwanFilterException Error(string what) => FilterPlace.Error(_text, _token.Start, _token.Length, what);

    private SwanFilterException ErrorFrom(int start, string what) => FilterPlace.Error(_text, start, _lastEnd - start, what);
}
