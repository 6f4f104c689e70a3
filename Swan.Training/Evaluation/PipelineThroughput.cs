using System.Diagnostics;
using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;

namespace Swan.Training.Evaluation;

/// <summary>How fast the ML.NET pipeline embeds here: files read, decoded, resampled and encoded; captions tokenized and encoded.</summary>
/// <param name="Images">Images of a pass.</param>
/// <param name="ImagesPerSecond">In the median pass.</param>
/// <param name="Captions">Captions of a pass.</param>
/// <param name="CaptionsPerSecond">In the median pass.</param>
internal sealed record PipelineThroughput(int Images, double ImagesPerSecond, int Captions, double CaptionsPerSecond)
{
    /// <summary>Passes that are timed, after one that isn't.</summary>
    public const int Passes = 3;

    private const int MaxImages = 256, MaxCaptions = 1024;

    public static PipelineThroughput Measure(MLContext ml, CaptionedImageSet set, SwanModel model, CancellationToken cancellation)
    {
        int images = Math.Min(MaxImages, set.Images.Count), captions = Math.Min(MaxCaptions, set.Captions.Count);
        double imageSeconds = MedianSeconds(EmbeddedSet.EmbedImages(ml, set, images, model, rotations: 1, cancellation), cancellation);
        double captionSeconds = MedianSeconds(EmbeddedSet.EmbedCaptions(ml, set, captions, model, cancellation), cancellation);
        return new(images, images / imageSeconds, captions, captions / captionSeconds);
    }

    private static double MedianSeconds(IDataView embedded, CancellationToken cancellation)
    {
        Read(embedded, cancellation); // warm: the code is compiled, the files are in memory
        double[] seconds = [.. Enumerable.Range(0, Passes).Select(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            Read(embedded, cancellation);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }).Order()];
        return seconds[Passes / 2];
    }

    private static void Read(IDataView embedded, CancellationToken cancellation)
    {
        EmbeddingColumn column = EmbeddingColumn.Find(embedded.Schema, EmbeddedSet.Embedding, nameof(embedded));
        var values = new float[column.Size];
        using DataViewRowCursor cursor = embedded.GetRowCursor([column.Column]);
        Action<Span<float>> read = column.Reader(cursor);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            read(values);
        }
    }
}
