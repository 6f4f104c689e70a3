using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>Cuts a filter's text into words, symbols and values.</summary>
internal sealed class FilterReader(string text)
{
    private static readonly string[] s_symbols = ["==", "!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","];

    private int _at;

    /// <summary>The next piece.</summary>
    /// <exception cref="SwanFilterException">The text has no valid piece there.</exception>
    public FilterToken Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
        if (_at == text.Length) return new FilterToken(FilterTokenKind.End, _at, 0, "");
        char c = text[_at];
        if (char.IsAsciiLetter(c) || c == '_') return Taken(FilterTokenKind.Word, SwanColumn.IsNameCharacter);
        if (c is '\'' or '"') return Quoted(c);
        if (StartsNumber()) return Literal();
        foreach (string symbol in s_symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) != 0) continue;
            _at += symbol.Length;
            return new FilterToken(FilterTokenKind.Symbol, _at - symbol.Length, symbol.Length, symbol);
        }
        throw Unknown(c);
    }

    private FilterToken Taken(FilterTokenKind kind, Func<char, bool> belongs)
    {
        int start = _at;
        while (_at < text.Length && belongs(text[_at])) _at++;
        return new FilterToken(kind, start, _at - start, text[start.._at]);
    }

    private bool StartsNumber()
    {
        int digit = _at + (text[_at] is '+' or '-' ? 1 : 0);
        digit += digit < text.Length && text[digit] == '.' ? 1 : 0;
        return digit < text.Length && char.IsAsciiDigit(text[digit]);
    }

    // Up to the next space, comma or symbol, so that an error shows all of it.
    private FilterToken Literal()
    {
        FilterToken token = Taken(FilterTokenKind.Value, c => SwanColumn.IsNameCharacter(c) || c is '.' or ':' or '+' or '-');
        return FilterLiteral.Read(token.Text, out SwanFilterValue value) is { } fault
            ? throw FilterPlace.Error(text, token.Start, token.Length, fault)
            : token with { Value = value };
    }

    private FilterToken Quoted(char quote)
    {
        int start = _at++;
        var content = new StringBuilder();
        while (true)
        {
            int end = text.IndexOf(quote, _at);
            if (end < 0)
            {
                throw FilterPlace.Error(text, start, 1,
                    $"The text that begins here has no closing {quote}. Write a quote within a text twice.");
            }
            content.Append(text, _at, end - _at);
            _at = end + 1;
            if (_at == text.Length || text[_at] != quote) break;
            content.Append(quote);
            _at++;
        }
        string value = content.ToString();
        return ColumnValues.TextFault(value) is { } fault
            ? throw FilterPlace.Error(text, start, _at - start, $"The text can't be compared: {fault}")
            : new FilterToken(FilterTokenKind.Value, start, _at - start, "", SwanFilterValue.Of(value));
    }

    private SwanFilterException Unknown(char c)
    {
        string found = Rune.TryGetRuneAt(text, _at, out Rune rune) && !char.IsControl(c) ? $"'{rune}'" : $"the character \\u{(int)c:X4}";
        string advice = c switch
        {
            '&' => "Write 'and'.",
            '|' => "Write 'or'.",
            '!' => "Write 'not'.",
            '‘' or '’' or '“' or '”' or '`' or '´' => "Write texts in straight quotes, as in 'north'.",
            '[' or ']' or '{' or '}' => "Write lists and groups in parentheses, and names of columns without any.",
            _ => "Expected a column's name, a value, a comparison such as = or <, 'and', 'or', 'not' or a parenthesis.",
        };
        return FilterPlace.Error(text, _at, 1, $"Found {found}, which is not part of the filter language. {advice}");
    }
}
