using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Swan.Testing;

/// <summary>What Swan writes to ML.NET's log while a test runs.</summary>
public sealed class LogLines
{
    private readonly List<(ChannelMessageKind Kind, string Text)> _lines = [];

    public LogLines(MLContext ml) => ml.Log += (_, line) =>
    {
        lock (_lines)
        {
            if (line.Source.Contains("Swan", StringComparison.Ordinal)) _lines.Add((line.Kind, line.RawMessage));
        }
    };

    public string[] Warnings => Of(ChannelMessageKind.Warning);

    public string[] Infos => Of(ChannelMessageKind.Info);

    public string[] Traces => Of(ChannelMessageKind.Trace);

    private string[] Of(ChannelMessageKind kind)
    {
        lock (_lines) return [.. _lines.Where(l => l.Kind == kind).Select(l => l.Text)];
    }
}
