using System.Text;
using System.Text.Json;
using Swan.Batch;
using Swan.Batch.Indexes;
using Swan.Batch.Sources;
using Swan.Cli.Outcomes;
using Swan.MLNet.Metadata;

namespace Swan.Cli.Indexing;

/// <summary>The cells of a file with values for an index's columns: CSV with a header, or JSON lines.</summary>
/// <param name="Name">The file, for messages.</param>
/// <param name="Columns">The names of its columns but the key's, in its order.</param>
/// <param name="Rows">In the order of the file.</param>
internal sealed record ValuesFile(string Name, IReadOnlyList<string> Columns, IReadOnlyList<ValuesRow> Rows)
{
    private static readonly string[] s_keyNames = ["key", "image", "file", "path"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">Ends in .csv, .jsonl or .ndjson.</param>
    /// <param name="keyColumn">The column with the rows' keys; null: the first of key, image, file and path that it has.</param>
    /// <exception cref="CommandException">It can't be read so; the message names the line.</exception>
    public static ValuesFile Read(string path, string? keyColumn)
    {
        string ending = Path.GetExtension(path).ToLowerInvariant();
        if (ending is not (".csv" or ".jsonl" or ".ndjson"))
            throw new CommandException($"'{path}' ends in '{ending}'; expected values in a file that ends in .csv, .jsonl or .ndjson.");
        using var text = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        string name = Path.GetFileName(path);
        try
        {
            return ending == ".csv" ? ReadCsv(text, name, keyColumn) : ReadJsonLines(text, name, keyColumn);
        }
        catch (SwanBatchException e)
        {
            throw new CommandException(e.Message, e);
        }
        catch (DecoderFallbackException)
        {
            throw new CommandException($"'{name}' is not UTF-8. Save it as UTF-8.");
        }
    }

    private static ValuesFile ReadCsv(StreamReader text, string name, string? keyColumn)
    {
        using var reader = new CsvReader(text, name);
        string[] header = reader.Read() ?? throw new CommandException($"'{name}' is empty; expected a line with the columns' names.");
        int key = Array.IndexOf(header, KeyOf(header, name, keyColumn));
        if (header.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new CommandException($"'{name}' has the column '{twice.Key}' twice. Give one of them another name.");
        var rows = new List<ValuesRow>();
        while (reader.Read() is { } values)
        {
            if (values.Length != header.Length)
            {
                throw new CommandException(
                    $"'{name}', line {reader.Line}: it has {values.Length} values, but the first line names {header.Length} columns.");
            }
            // A record has a cell of each column: an empty one says that the value is missing.
            var cells = new Dictionary<string, object?>(header.Length, StringComparer.Ordinal);
            for (int i = 0; i < header.Length; i++)
            {
                if (i != key) cells.Add(header[i], values[i].Length > 0 ? values[i] : null);
            }
            rows.Add(new ValuesRow(reader.Line, values[key], cells));
        }
        return new ValuesFile(name, [.. header.Where((_, i) => i != key)], rows);
    }

    private static ValuesFile ReadJsonLines(StreamReader text, string name, string? keyColumn)
    {
        var rows = new List<ValuesRow>();
        var columns = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        string? key = keyColumn;
        for (int number = 1; text.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            using JsonDocument document = Parse(line, name, number);
            try
            {
                JsonProperty[] properties = [.. document.RootElement.EnumerateObject()];
                key ??= KeyOf([.. properties.Select(p => p.Name)], name, null);
                rows.Add(ReadProperties(properties, key, name, number));
            }
            catch (InvalidOperationException e)
            {
                throw new CommandException($"'{name}', line {number}: it has half of a surrogate pair, which is not valid Unicode.", e);
            }
            foreach (string column in rows[^1].Cells.Keys)
            {
                if (known.Add(column)) columns.Add(column);
            }
        }
        return new ValuesFile(name, columns, rows);
    }

    // A property that isn't there says nothing of the value; null says that it is missing.
    private static ValuesRow ReadProperties(JsonProperty[] properties, string key, string name, int number)
    {
        string? rowKey = null;
        var cells = new Dictionary<string, object?>(properties.Length, StringComparer.Ordinal);
        foreach (JsonProperty property in properties)
        {
            if (property.Name != key) cells[property.Name] = CellOf(property, name, number);
            else if (property.Value.ValueKind == JsonValueKind.String) rowKey = property.Value.GetString();
        }
        return rowKey is not null ? new ValuesRow(number, rowKey, cells)
            : throw new CommandException($"'{name}', line {number}: it has no '{key}' with text, which identifies the row.");
    }

    private static JsonDocument Parse(string line, string name, int number)
    {
        try
        {
            var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new CommandException($"'{name}', line {number}: it is not a JSON object. Write one object per line.");
    }

    private static object? CellOf(JsonProperty property, string name, int number) => property.Value switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        // As text where no double is that integer.
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double finite) && double.IsFinite(finite) =>
            GivenValue.Read(SwanColumnType.Number, value.GetRawText()) is null ? value.GetRawText() : finite,
        { ValueKind: JsonValueKind.Array } array when array.GetArrayLength() is 2 or 4
            && array.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number) =>
            array.EnumerateArray().Select(e => e.GetDouble()).ToArray(),
        _ => throw new CommandException(
            $"'{name}', line {number}: '{property.Name}' is {property.Value.GetRawText()}; expected text, a number, true, false, null, "
            + "[x, y] or [west, south, east, north]."),
    };

    private static string KeyOf(string[] names, string name, string? keyColumn) =>
        (keyColumn is null ? s_keyNames.FirstOrDefault(names.Contains) : names.FirstOrDefault(n => n == keyColumn))
        ?? throw new CommandException(
            $"'{name}' has no column {(keyColumn is null ? string.Join(", ", s_keyNames.Select(n => $"'{n}'")) : $"'{keyColumn}'")}; "
            + $"it has {string.Join(", ", names.Take(10).Select(n => $"'{n}'"))}. Name the one with the images' keys with --key-column.");
}

/// <summary>A row of a <see cref="ValuesFile"/>.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Key">The index's row that it is about.</param>
/// <param name="Cells">By column; null where the file says that the value is missing. What it doesn't say isn't there.</param>
internal sealed record ValuesRow(int Line, string Key, IReadOnlyDictionary<string, object?> Cells);
