using nietras.SeparatedValues;

namespace Swan.Batch.Sources;

/// <summary>Reads records of comma-separated values, as RFC 4180 says: quoted where a value has commas, quotes or line breaks.</summary>
/// <remarks>Sep divides the text into records and cells, and counts lines. It takes quotes at any place; wrong ones are refused here.
/// </remarks>
internal sealed class CsvReader : IDisposable
{
    private readonly SepReader _reader;
    private readonly string _name;
    private int _next = 1;

    /// <summary>Begins to read.</summary>
    /// <param name="text">The file's text, which is disposed with this reader.</param>
    /// <param name="name">The file, for messages.</param>
    public CsvReader(TextReader text, string name)
    {
        _name = name;
        _reader = Sep.New(',').Reader(options => options with { HasHeader = false, DisableColCountCheck = true }).From(text);
    }

    /// <summary>The line that the record begins on, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next record that isn't a blank line; null at the end.</summary>
    /// <exception cref="SwanBatchException">A quote is missing, or one too many.</exception>
    public string[]? Read()
    {
        while (MoveNext())
        {
            SepReader.Row row = _reader.Current;
            (Line, _next) = (_next, row.LineNumberToExcl);
            if (row.ColCount == 1 && row[0].Span.IsEmpty) continue;
            string[] values = new string[row.ColCount];
            for (int i = 0; i < values.Length; i++) values[i] = Value(row[i].Span);
            return values;
        }
        return null;
    }

    public void Dispose() => _reader.Dispose();

    private bool MoveNext()
    {
        Line = _next;
        try
        {
            return _reader.MoveNext();
        }
        catch (NotSupportedException e)
        {
            throw Fault("a record has over 16 million characters, perhaps because a closing quote is missing", e);
        }
    }

    private string Value(ReadOnlySpan<char> cell)
    {
        if (cell is not ['"', .. var quoted])
        {
            if (cell.Contains('"')) throw Fault("a value that doesn't begin with a quote contains one. Put the value in quotes");
            return cell.ToString();
        }
        int end = 0;
        while (true)
        {
            int quote = quoted[end..].IndexOf('"');
            if (quote < 0) throw Fault("a quoted value has no closing quote");
            end += quote;
            if (quoted[end..] is not ['"', '"', ..]) break;
            end += 2;
        }
        if (end + 1 < quoted.Length)
            throw Fault($"a value continues after its closing quote with '{quoted[end + 1]}'. Write a quote in a value twice");
        // A line break of any system is one '\n'.
        return quoted[..end].ToString().Replace("\"\"", "\"", StringComparison.Ordinal)
            .Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    private SwanBatchException Fault(string what, Exception? cause = null) =>
        new($"'{_name}', line {Line}: {what}.", innerException: cause);
}
