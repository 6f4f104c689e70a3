using System.Runtime.CompilerServices;
using System.Text;

namespace Swan.Batch.Sources;

/// <summary>A manifest of comma-separated values, whose first line has the columns' names.</summary>
internal sealed class CsvTable : ManifestTable
{
    private readonly CsvReader _reader;
    private readonly string _name;
    private readonly string[] _header;

    private CsvTable(CsvReader reader, string name)
    {
        (_reader, _name) = (reader, name);
        _header = Read() ?? throw new SwanBatchException($"'{name}' is empty; expected a line with the columns' names.");
        if (_header.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new SwanBatchException($"'{name}' has the column '{twice.Key}' twice. Give one of them another name.");
        Columns = [.. _header.Select(c => new ManifestColumn(c, new KeptColumn(c, KeptColumn.Text), IsName: true, IsBytes: false))];
    }

    public override IReadOnlyList<ManifestColumn> Columns { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="content">The file; closed with this.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="SwanBatchException">It is no such file.</exception>
    public static CsvTable Open(Stream content, string name)
    {
        var text = new StreamReader(content, new UTF8Encoding(false, throwOnInvalidBytes: true));
        CsvReader? reader = null;
        try
        {
            reader = Checked(name, () => new CsvReader(text, name));
            return new CsvTable(reader, name);
        }
        catch
        {
            reader?.Dispose();
            text.Dispose();
            throw;
        }
    }

    public override async IAsyncEnumerable<ManifestRow> ReadAsync(
        string name, IReadOnlyList<KeptColumn> kept, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        int names = Array.IndexOf(_header, name);
        int[] places = [.. kept.Select(c => Array.IndexOf(_header, c.Name))];
        while (Read() is { } values)
        {
            cancellation.ThrowIfCancellationRequested();
            if (values.Length != _header.Length)
            {
                throw new SwanBatchException($"'{_name}', line {_reader.Line}: it has {values.Length} values, but the first line names "
                    + $"{_header.Length} columns.");
            }
            yield return new ManifestRow($"line {_reader.Line}", values[names], [.. places.Select(i => values[i])], 0, 0);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return ValueTask.CompletedTask;
    }

    private static T Checked<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException e)
        {
            throw new SwanBatchException($"'{name}' is not UTF-8. Save it as UTF-8.", innerException: e);
        }
    }

    private string[]? Read() => Checked(_name, _reader.Read);
}
