using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Swan.MLNet;
using Swan.MLNet.Transforms;

namespace PipelineTour.Examples;

/// <summary>
/// Files that are missing or cut off: an error, or a missing value with its reason, or no row. The log ends each pass with a summary.
/// </summary>
internal static class RowsThatFail
{
    public static Task Run(ExampleContext context)
    {
        string good = context.Images[0].ImagePath, cut = context.FileIn("cut-off" + Path.GetExtension(good)),
            gone = context.FileIn("gone.png");
        byte[] bytes = File.ReadAllBytes(good);
        File.WriteAllBytes(cut, bytes[..(bytes.Length / 2)]);
        IDataView rows = context.ML.Data.LoadFromEnumerable(new[] { good, cut, gone }.Select(path => new { ImagePath = path }));

        context.ML.Log += ShowWarnings;
        foreach (Marked row in context.ML.Data.CreateEnumerable<Marked>(Embed(SwanOnError.Missing), reuseRowObject: false))
            context.Print(float.IsNaN(row.Embedding[0]) ? $"NaN, because {Short(row.EmbeddingError)}" : "an embedding");
        context.Print($"{Embed(SwanOnError.Skip).GetColumn<string>("ImagePath").Count()} of 3 rows left");
        context.ML.Log -= ShowWarnings;

        try
        {
            _ = Embed(SwanOnError.Throw).GetColumn<float[]>("Embedding").Count();
        }
        catch (SwanRowException e)
        {
            context.Print($"error: {Short(e.Message)}");
        }
        return Task.CompletedTask;

        IDataView Embed(SwanOnError onError) =>
            context.ML.Transforms.SwanEmbedding("Embedding", "ImagePath", context.Model, new() { OnError = onError })
                .Fit(rows)
                .Transform(rows);

        void ShowWarnings(object? sender, LoggingEventArgs line)
        {
            if (line.Kind == ChannelMessageKind.Warning) context.Print($"log: {Short(line.RawMessage)}");
        }

        string Short(string text)
        {
            string line = text.ReplaceLineEndings(" ").Replace(context.Out + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
            return line.Length <= 120 ? line : $"{line[..119]}…";
        }
    }

    private sealed class Marked
    {
        public float[] Embedding { get; set; } = [];

        public string EmbeddingError { get; set; } = "";
    }
}

// It printed:
//  an embedding
//  NaN, because Truncated: 'cut-off.jpg' can't be used as an image: it ends before its image does: it has no end-of-image marker. Copy …
//  NaN, because Missing: 'gone.png' can't be used as an image: there is no such file. Check the path, and the image folder that it is r…
//  log: 3 rows of 'ImagePath' read, 2 errors (Missing 1, Truncated 1; missing values (NaN)). row 1: 'cut-off.jpg' can't be used…
//  log: 3 rows of 'ImagePath' read, 2 errors (Missing 1, Truncated 1; left out). row 1: 'cut-off.jpg' can't be used as an image…
//  1 of 3 rows left
//  error: Row 1 (column 'ImagePath') can't be embedded: 'cut-off.jpg' can't be used as an image: it ends before its image does: i…
