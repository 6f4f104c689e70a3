using System.Text;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Indexing;

/// <summary>Reads records of comma-separated values, as RFC 4180 says: quoted where a value has commas, quotes or line breaks.</summary>
/// <param name="text">The file's text.</param>
/// <param name="name">The file, for messages.</param>
internal sealed class CsvReader(TextReader text, string name)
{
    private const int End = -1;
    private readonly StringBuilder _value = new();

    /// <summary>The line that the record begins on, from 1.</summary>
    public int Line { get; private set; }

    private int _lines = 1;

    /// <summary>The next record that isn't a blank line; null at the end.</summary>
    /// <exception cref="CommandException">A quote is missing, or one too many.</exception>
    public string[]? Read()
    {
        while (text.Peek() is '\r' or '\n') Next();
        if (text.Peek() == End) return null;
        Line = _lines;
        var values = new List<string>();
        while (true)
        {
            values.Add(text.Peek() == '"' ? Quoted() : Plain());
            int after = Next();
            if (after == ',') continue;
            if (after is End or '\n') return [.. values];
            throw Fault($"a value has more after its closing quote, '{(char)after}'. A quote in a value is written twice");
        }
    }

    private string Plain()
    {
        _value.Clear();
        while (text.Peek() is not (End or ',' or '\r' or '\n'))
        {
            int c = Next();
            if (c == '"') throw Fault("a quote stands inside a value that doesn't begin with one. Put the value in quotes");
            _value.Append((char)c);
        }
        return _value.ToString();
    }

    private string Quoted()
    {
        _value.Clear();
        Next();
        while (true)
        {
            int c = Next();
            if (c == End) throw Fault("a quoted value has no closing quote");
            if (c == '"')
            {
                if (text.Peek() != '"') return _value.ToString();
                Next();
            }
            _value.Append((char)c);
        }
    }

    // A line break of any system is one '\n'.
    private int Next()
    {
        int c = text.Read();
        if (c == '\r')
        {
            if (text.Peek() == '\n') text.Read();
            c = '\n';
        }
        if (c == '\n') _lines++;
        return c;
    }

    private CommandException Fault(string what) => new($"'{name}', line {Line}: {what}.");
}
