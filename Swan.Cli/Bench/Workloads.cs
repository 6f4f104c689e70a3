using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.Cli.Outcomes;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;
using Swan.MLNet.Search;

namespace Swan.Cli.Bench;

/// <summary>What <c>swan bench</c> measures.</summary>
internal static class Workloads
{
    private const int Repeats = 5, Queries = 20, Hits = 10;
    private static readonly MLContext s_ml = new();

    /// <summary>Everything with one model.</summary>
    /// <param name="model">Open; the caller's.</param>
    /// <param name="open">Opens it again.</param>
    /// <param name="input">Images and captions.</param>
    /// <param name="toPrepare">Ends what is prepared before anything is measured.</param>
    /// <exception cref="SwanImageException">An image can no longer be read.</exception>
    public static IEnumerable<Workload> OfModel(
        SwanModel model, Func<SwanModel> open, BenchInput input, CancellationToken toPrepare)
    {
        string[] paths = input.Paths, captions = input.Captions;
        IDataView rows = s_ml.Data.LoadFromEnumerable(paths.Select(path => new PathRow { Path = path }).ToArray());
        ITransformer pipeline = s_ml.Transforms.SwanEmbedding("Embedding", nameof(PathRow.Path), model).Fit(rows);
        yield return new("images", "images, from files to embeddings", paths.Length, cancellation =>
        {
            foreach (float[] _ in pipeline.Transform(rows).GetColumn<float[]>("Embedding")) cancellation.ThrowIfCancellationRequested();
        });

        ImagePreprocessing preprocessing = model.Card.Image;
        yield return new("decoding", "  reading, decoding and resizing alone", paths.Length,
            cancellation => Each(paths.Length, cancellation, i => Prepared(paths[i], model, cancellation)));
        RgbImage[] prepared = new RgbImage[paths.Length];
        Each(paths.Length, toPrepare, i => prepared[i] = Prepared(paths[i], model, toPrepare));
        yield return new("encoder", $"  encoder alone, {preprocessing.Size}×{preprocessing.Size}", paths.Length,
            cancellation => model.EmbedImages(prepared.Length, i => prepared[i], cancellationToken: cancellation));

        yield return new("captions", "captions, all different", captions.Length,
            cancellation => model.EmbedCaptions(captions, cancellationToken: cancellation));
        string[] repeated = [.. captions.Select((_, i) => captions[i / Repeats])];
        yield return new("repeatedCaptions", $"captions, each {Repeats} times", repeated.Length,
            cancellation => model.EmbedCaptions(repeated, cancellationToken: cancellation));
        yield return new("open", "opening the model again, to a caption", 1, _ =>
        {
            using SwanModel again = open();
            again.EmbedCaption(captions[0]);
        });
    }

    /// <summary>Exact search.</summary>
    /// <param name="count">Rows of the gallery.</param>
    /// <param name="embeddingSize">D.</param>
    /// <param name="toPrepare">Ends what is prepared before anything is measured.</param>
    /// <exception cref="UsageException">No array holds so many rows.</exception>
    public static IEnumerable<Workload> OfSearch(int count, int embeddingSize, CancellationToken toPrepare)
    {
        if (count > Array.MaxLength / embeddingSize)
        {
            throw new UsageException(
                $"--gallery is {count}; expected at most {Array.MaxLength / embeddingSize} with this model, whose embeddings have "
                + $"{embeddingSize} values: all of them must fit in one array.");
        }
        SwanIndex index = SwanIndex.Build(Random(count, embeddingSize, toPrepare), embeddingSize);
        float[] queries = Random(Queries, embeddingSize, toPrepare);
        string rows = Counted.Of(count, "image");
        yield return new("query", $"queries of {rows}, one at a time", Queries, cancellation =>
        {
            for (int q = 0; q < Queries; q++)
            {
                cancellation.ThrowIfCancellationRequested();
                index.Search(queries.AsSpan(q * embeddingSize, embeddingSize), Hits);
            }
        });
        yield return new("queries", "  the same, all at once", Queries,
            cancellation => index.SearchMany(queries, Hits, cancellation));
    }

    private static void Each(int count, CancellationToken cancellation, Action<int> work)
    {
        var all = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        ParallelWork.Run(() => Parallel.For(0, count, all, work));
    }

    private static RgbImage Prepared(string path, SwanModel model, CancellationToken cancellation)
    {
        ImagePreprocessing preprocessing = model.Card.Image;
        byte[] pixels = new byte[preprocessing.ByteCount];
        // As in a pipeline: the picture is in pooled memory.
        using DecodeTurn turn = DecodeTurn.Begin(cancellation);
        ImagePreprocessor.Prepare(ImageDecoder.Decode(path, model.Decoding), preprocessing, pixels);
        return new RgbImage(preprocessing.Size, preprocessing.Size, pixels);
    }

    // Directions that are equally likely have nothing in common, so a search looks at every row to the end.
    private static float[] Random(int count, int embeddingSize, CancellationToken cancellation)
    {
        float[] values = new float[count * embeddingSize];
        Each(count, cancellation, row =>
        {
            var random = new SampleRandom(seed: 0, epoch: embeddingSize, row + (long)count);
            for (int d = 0; d < embeddingSize; d++) values[row * embeddingSize + d] = (float)random.NextDouble(-1, 1);
        });
        return values;
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }
}
