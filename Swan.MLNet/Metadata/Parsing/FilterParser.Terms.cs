namespace Swan.MLNet.Metadata;

internal sealed partial class FilterParser
{
    private const string Comparisons =
        "a comparison: =, !=, <, <=, >, >=, in, between, is null, contains, starts with, ends with, within or intersects";

    // comparison = name [ operator value | ["not"] word … | "is" ["not"] "null" ]
    private SwanFilter Term()
    {
        FilterToken name = _token;
        if (name.Kind != FilterTokenKind.Word || FilterWords.IsReserved(name.Text))
        {
            throw Expected("a column's name", name.Kind == FilterTokenKind.Value
                ? " Write the column first, and the value second."
                : "");
        }
        if (SwanColumn.NameFault(name.Text) is { } fault) throw Error(fault);
        if (_columns is not null && !_columns.Has(name.Text)) throw Error(_columns.Unknown(name.Text));
        Advance();
        if (IsAlone) return Checked(name.Start, new Comparison(name.Text, FilterOperator.Equal, true), alone: true);
        if (TryOperator() is { } comparison) return Compared(name, comparison);
        if (TryWord("is"))
        {
            bool present = TryWord("not");
            if (!TryWord("null")) throw Expected(present ? "'null'" : "'null' or 'not null'");
            var missing = new MissingValue(name.Text);
            return present ? Negation.Make(missing) : missing;
        }
        bool contrary = TryWord("not");
        SwanFilter term = Worded(name);
        return contrary ? Negation.Make(term) : term;
    }

    // A boolean column is a filter by itself.
    private bool IsAlone => _token.Kind == FilterTokenKind.End || _token.IsSymbol(")") || _token.IsWord("and") || _token.IsWord("or");

    private SwanFilter Worded(FilterToken name)
    {
        if (TryWord("in")) return Checked(name.Start, Listed(name));
        if (TryWord("between"))
        {
            SwanFilterValue low = Value();
            if (!TryWord("and")) throw Expected("'and' and the greater value");
            SwanFilterValue high = Value();
            if (++_terms > FilterLimits.MaxTerms) throw Error(FilterLimits.TooManyTerms);
            // Faults of the column come first.
            Checked(name.Start, new Comparison(name.Text, FilterOperator.GreaterOrEqual, low));
            Checked(name.Start, new Comparison(name.Text, FilterOperator.LessOrEqual, high));
            return Interval.Fault(name.Text, low, high) is { } fault
                ? throw ErrorFrom(name.Start, fault)
                : Interval.Make(name.Text, low, high);
        }
        if (TryWord("contains")) return Matched(name, TextMatchKind.Contains);
        if (TryWord("starts")) return Matched(name, TextMatchKind.StartsWith, withWord: true);
        if (TryWord("ends")) return Matched(name, TextMatchKind.EndsWith, withWord: true);
        if (TryWord("within")) return Placed(name, PlacementKind.Within);
        if (TryWord("intersects")) return Placed(name, PlacementKind.Intersects);
        throw Expected(Comparisons, _token.IsWord("like")
            ? " Patterns are not supported; write contains 'part', starts with 'part' or ends with 'part'."
            : "");
    }

    private FilterOperator? TryOperator()
    {
        FilterOperator? found = _token.Kind != FilterTokenKind.Symbol ? null : _token.Text switch
        {
            "=" or "==" => FilterOperator.Equal,
            "!=" or "<>" => FilterOperator.NotEqual,
            "<" => FilterOperator.Less,
            "<=" => FilterOperator.LessOrEqual,
            ">" => FilterOperator.Greater,
            ">=" => FilterOperator.GreaterOrEqual,
            _ => null,
        };
        if (found is not null) Advance();
        return found;
    }

    private FilterTerm Compared(FilterToken name, FilterOperator comparison) =>
        Checked(name.Start, new Comparison(name.Text, comparison, Value()));

    private Inclusion Listed(FilterToken name)
    {
        Require("(", "'(' and a list of values");
        List<SwanFilterValue> list = [];
        do
        {
            if (++_values > FilterLimits.MaxValues) throw Error(FilterLimits.TooManyValues);
            list.Add(Value());
        }
        while (TrySymbol(","));
        Require(")", "',' or ')'");
        return Inclusion.ListFault(name.Text, list) is { } fault ? throw ErrorFrom(name.Start, fault) : Inclusion.Make(name.Text, list);
    }

    private FilterTerm Matched(FilterToken name, TextMatchKind kind, bool withWord = false)
    {
        if (withWord && !TryWord("with")) throw Expected("'with'");
        if (_token.Value.Content is not string part) throw Expected("a text in quotes, as in 'north'");
        Advance();
        return Checked(name.Start, new TextMatch(name.Text, kind, part));
    }

    // value = text | number | date | "true" | "false"
    private SwanFilterValue Value()
    {
        if (TryWord("true")) return true;
        if (TryWord("false")) return false;
        if (_token.Kind != FilterTokenKind.Value)
        {
            throw Expected("a text in quotes, a number, a date, true or false",
                _token.IsWord("null") ? " Use 'is null' or 'is not null' for missing values."
                : _token.Kind == FilterTokenKind.Word && !FilterWords.IsReserved(_token.Text)
                    ? $" Write a text in quotes: '{Short(_token.Text)}'."
                : "");
        }
        SwanFilterValue value = _token.Value;
        Advance();
        return value;
    }

    // A mismatch with the columns is reported with its place.
    private FilterTerm Checked(int start, FilterTerm term, bool alone = false)
    {
        if (_columns?.Fault(term) is not { } fault) return term;
        if (alone) throw Expected(Comparisons, $" Only a boolean column can stand alone, but {_columns.Describe(term.Name)}.");
        throw ErrorFrom(start, fault);
    }

    private static string Short(string word) => word.Length <= 40 ? word : word[..40] + "…";
}
