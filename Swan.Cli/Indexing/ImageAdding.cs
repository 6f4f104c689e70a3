using System.Diagnostics;
using Microsoft.ML;
using Swan.Cli.Display;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.Cli.Indexing;

/// <summary>Embeds the images that an index doesn't have as they are now, and commits as it goes.</summary>
/// <param name="writer">The index's.</param>
/// <param name="table">Values beside the file system's.</param>
/// <param name="display">Receives progress.</param>
/// <param name="cancellation">Ends the work; what is embedded is committed.</param>
internal sealed class ImageAdding(SwanIndexWriter writer, ValuesTable table, WorkDisplay display, CancellationToken cancellation)
{
    // Whichever comes first: a kill costs that much work.
    private const int RowsPerCommit = 1000;
    private static readonly TimeSpan TimePerCommit = TimeSpan.FromSeconds(20);

    /// <summary>Adds the images.</summary>
    /// <param name="images">Each with a key of its own.</param>
    /// <param name="model">Opens the model; not called where nothing has to be embedded.</param>
    /// <param name="decoding">How images are read.</param>
    /// <exception cref="SwanNothingEmbeddedException">None of the images could be embedded, now or before.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public AddedImages Run(IReadOnlyList<ImageFile> images, Func<SwanModel> model, ImageDecodingOptions decoding)
    {
        var pending = new List<ImageFile>();
        var elsewhere = new OtherSources();
        foreach (ImageFile image in images)
        {
            cancellation.ThrowIfCancellationRequested();
            SwanRow? row = writer.Find(image.Key);
            bool isThere = row is not null && image.Is(row.Values);
            if (!isThere) pending.Add(image);
            if (row is not null) elsewhere.Add(image, row.Values, isThere);
        }
        elsewhere.Warn();
        // Before anything is written: a model that can't be opened leaves the index as it is.
        SwanModel? embedding = pending.Count > 0 ? model() : null;
        foreach (SwanColumn column in ImageFile.Columns.Concat(table.Columns)) ValuesTable.AddColumn(writer, column);
        // Embedded images get their values with their rows. The table may have values of rows whose images aren't listed, too.
        var left = pending.Select(image => image.Key).ToHashSet(StringComparer.Ordinal);
        var kept = images.Select(image => image.Key).Where(key => !left.Contains(key)).ToHashSet(StringComparer.Ordinal);
        var done = new AddedImages { Unchanged = kept.Count, OfOthers = elsewhere.Count };
        foreach ((string key, var values) in table.Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            if (left.Contains(key) || writer.SetValues(key, values) != SwanRowChange.Replaced) continue;
            done = done with { Revalued = done.Revalued + 1, Unchanged = done.Unchanged - (kept.Contains(key) ? 1 : 0) };
        }
        try
        {
            if (embedding is not null) done = Embed(pending, pending.Count == images.Count, embedding, decoding, done);
        }
        catch
        {
            Keep();
            throw;
        }
        writer.Commit(CancellationToken.None);
        return done;
    }

    // Each row is whole: what was embedded before Ctrl+C, or a fault, need not be embedded again. The fault is on its way.
    private void Keep()
    {
        try
        {
            writer.Commit(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SwanException)
        {
            Console.Error.WriteLine($"swan: The embeddings since the last commit are lost: {e.Message}");
        }
    }

    private AddedImages Embed(
        List<ImageFile> pending, bool areAll, SwanModel model, ImageDecodingOptions decoding, AddedImages done)
    {
        MLContext ml = WarningLog.Context();
        IDataView paths = ml.Data.LoadFromEnumerable(pending.Select(image => new PathRow { ImagePath = image.Path }));
        // One bad file among thousands is no reason to have no index; the log counts and names such files.
        var options = new SwanEmbeddingOptions
        {
            OnError = SwanOnError.Skip, Range = decoding.Range, Bands = decoding.Bands, NoData = decoding.NoData,
            MinValidShare = decoding.MinValidShare, CancellationToken = cancellation,
        };
        IDataView embedded = ml.Transforms.SwanEmbedding("Embedding", "ImagePath", model, options).Fit(paths).Transform(paths);
        using PassTotals totals = PassTotals.Observe();
        var sinceCommit = Stopwatch.StartNew();
        int next = 0, embeddedRows = 0, uncommitted = 0;
        foreach (EmbeddedRow row in ml.Data.CreateEnumerable<EmbeddedRow>(embedded, reuseRowObject: true))
        {
            cancellation.ThrowIfCancellationRequested();
            // The same order; those between could not be read.
            while (pending[next].Path != row.ImagePath) next++;
            done = done.With(Put(pending[next++], row.Embedding));
            (embeddedRows, uncommitted) = (embeddedRows + 1, uncommitted + 1);
            display.Report(new SwanIndexProgress(next, pending.Count));
            if (uncommitted < RowsPerCommit && sinceCommit.Elapsed < TimePerCommit) continue;
            writer.Commit(cancellation);
            uncommitted = 0;
            sinceCommit.Restart();
        }
        // A broken file among images that are in the index already must not stop a nightly run.
        if (areAll) totals.ThrowIfNothingEmbedded("Embedding");
        return done with { Unreadable = done.Unreadable + pending.Count - embeddedRows };
    }

    // A file that has changed keeps the values that others gave its row.
    private SwanRowChange Put(ImageFile image, float[] embedding)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (writer.Find(image.Key) is { } before)
        {
            foreach ((string name, object? value) in before.Values) values[name] = value;
        }
        foreach ((string name, object? value) in image.Values.Concat(table.Of(image.Key))) values[name] = value;
        return writer.Upsert(image.Key, embedding, values);
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class EmbeddedRow
    {
        public string ImagePath { get; set; } = "";

        public float[] Embedding { get; set; } = [];
    }
}

/// <summary>What became of images.</summary>
/// <param name="Added">New keys.</param>
/// <param name="Replaced">Embedded again, because the file has changed.</param>
/// <param name="Revalued">Not embedded again; values have changed.</param>
/// <param name="Unchanged">As they were.</param>
/// <param name="Unreadable">Could not be read.</param>
/// <param name="OfOthers">Of the images, those whose keys were of rows from another folder.</param>
internal readonly record struct AddedImages(
    long Added, long Replaced, long Revalued, long Unchanged, long Unreadable, long OfOthers)
{
    /// <summary>Rows whose images are gone.</summary>
    public long Removed { get; init; }

    public AddedImages With(SwanRowChange change) => change switch
    {
        SwanRowChange.Added => this with { Added = Added + 1 },
        SwanRowChange.Replaced => this with { Replaced = Replaced + 1 },
        SwanRowChange.Unchanged => this with { Unchanged = Unchanged + 1 },
        _ => this with { Unreadable = Unreadable + 1 },
    };

    /// <summary>The changes of rows that were embedded already.</summary>
    public static AddedImages Of(SwanIndexChanges changes) =>
        new(changes.Added, changes.Replaced, 0, changes.Unchanged, changes.Skipped, 0);
}
