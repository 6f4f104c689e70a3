namespace Swan.Batch.Stores;

/// <summary>Sorts any number of lines with flat memory: sorted parts go to files, which are then merged.</summary>
/// <param name="temporary">The parts' names begin so.</param>
/// <param name="linesInMemory">Lines per part.</param>
/// <param name="order">Default null: ordinal order.</param>
internal sealed class SortedLines(string temporary, int linesInMemory = 50_000, IComparer<string>? order = null) : IDisposable
{
    private readonly IComparer<string> _order = order ?? StringComparer.Ordinal;
    private readonly List<string> _lines = [];
    private readonly List<string> _parts = [];

    public void Add(string line)
    {
        if (_lines.Count == linesInMemory) Spill();
        _lines.Add(line);
    }

    /// <summary>All lines, once; nothing can be added any more.</summary>
    public IEnumerable<string> InOrder()
    {
        _lines.Sort(_order);
        var sources = new List<IEnumerator<string>> { _lines.GetEnumerator() };
        sources.AddRange(_parts.Select(part => File.ReadLines(part).GetEnumerator()));
        try
        {
            var next = new PriorityQueue<IEnumerator<string>, string>(_order);
            foreach (IEnumerator<string> source in sources) Advance(source);
            while (next.TryDequeue(out IEnumerator<string>? source, out string? line))
            {
                yield return line;
                Advance(source);
            }

            void Advance(IEnumerator<string> source)
            {
                if (source.MoveNext()) next.Enqueue(source, source.Current);
            }
        }
        finally
        {
            foreach (IEnumerator<string> source in sources) source.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (string part in _parts) File.Delete(part);
    }

    private void Spill()
    {
        _lines.Sort(_order);
        string part = $"{temporary}.{_parts.Count}.tmp";
        _parts.Add(part);
        using (var writer = new StreamWriter(LocalFile.Create(part)))
        {
            foreach (string line in _lines) writer.WriteLine(line);
        }
        _lines.Clear();
    }
}
