using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace SceneSearch.Web.Observing;

/// <summary>What one instrument measured, by its tags.</summary>
internal sealed class MetricFamily
{
    // A program that makes tags of what users type would fill memory.
    private const int MostSeries = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly double[]? _limits;
    private readonly string _help, _kind;
    private readonly bool _sets;

    public MetricFamily(Instrument instrument)
    {
        Type type = instrument.GetType().GetGenericTypeDefinition();
        bool isCounter = type == typeof(Counter<>) || type == typeof(ObservableCounter<>);
        _limits = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries is { } limits ? [.. limits]
            : type == typeof(Histogram<>) ? [] : null;
        _kind = _limits is not null ? "histogram" : isCounter ? "counter" : "gauge";
        // What is observed is a whole, and not what was added to it.
        _sets = type == typeof(ObservableCounter<>) || type == typeof(ObservableUpDownCounter<>) || type == typeof(ObservableGauge<>)
            || type == typeof(Gauge<>);
        _help = instrument.Description ?? instrument.Name;
        Name = string.Concat(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'))
            + (instrument.Unit == "s" ? "_seconds" : "") + (isCounter ? "_total" : "");
    }

    public string Name { get; }

    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        using Lock.Scope scope = _gate.EnterScope();
        if (!_series.TryGetValue(labels, out Series? series))
        {
            if (_series.Count == MostSeries) return;
            _series.Add(labels, series = new Series { Counts = new long[(_limits?.Length ?? 0) + 1] });
        }
        series.Sum = _sets ? value : series.Sum + value;
        int bucket = 0;
        while (_limits is not null && bucket < _limits.Length && value > _limits[bucket]) bucket++;
        series.Counts[bucket]++;
    }

    public void Write(TextWriter text)
    {
        using Lock.Scope scope = _gate.EnterScope();
        string help = _help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
        text.WriteLine($"# HELP {Name} {help}");
        text.WriteLine($"# TYPE {Name} {_kind}");
        foreach ((string labels, Series series) in _series.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (_limits is null)
            {
                text.WriteLine($"{Name}{Braces(labels)} {Number(series.Sum)}");
                continue;
            }
            long count = 0;
            for (int i = 0; i <= _limits.Length; i++)
            {
                count += series.Counts[i];
                string limit = i < _limits.Length ? Number(_limits[i]) : "+Inf";
                text.WriteLine($"{Name}_bucket{Braces(labels, $"le=\"{limit}\"")} {count}");
            }
            text.WriteLine($"{Name}_sum{Braces(labels)} {Number(series.Sum)}");
            text.WriteLine($"{Name}_count{Braces(labels)} {count}");
        }
    }

    private static string Braces(params string[] labels) =>
        string.Join(',', labels.Where(l => l.Length > 0)) is { Length: > 0 } all ? $"{{{all}}}" : "";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach ((string name, object? value) in tags)
        {
            if (text.Length > 0) text.Append(',');
            foreach (char c in name) text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
            text.Append("=\"");
            foreach (char c in Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
                _ = c switch { '\\' => text.Append("\\\\"), '"' => text.Append("\\\""), '\n' => text.Append("\\n"), _ => text.Append(c) };
            text.Append('"');
        }
        return text.ToString();
    }

    private sealed class Series
    {
        public double Sum { get; set; }

        public required long[] Counts { get; init; }
    }
}
