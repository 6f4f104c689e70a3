using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Swan.Cli.Display;

/// <summary>ML.NET's warnings on standard error, such as rows left out and texts that were longer than the model takes.</summary>
internal static class WarningLog
{
    public static MLContext Context()
    {
        var ml = new MLContext();
        ml.Log += (_, line) =>
        {
            if (line.Kind == ChannelMessageKind.Warning) Console.Error.WriteLine($"swan: {line.RawMessage}");
        };
        return ml;
    }
}
