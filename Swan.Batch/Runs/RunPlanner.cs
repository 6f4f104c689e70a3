using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.MLNet.Numerics;

namespace Swan.Batch.Runs;

/// <summary>Compares a listing with the state before, and freezes what is to be embedded.</summary>
/// <remarks>A merge of sorted streams: memory doesn't depend on the number of images.</remarks>
internal sealed class RunPlanner(RunStore runs, ImageSource source, BatchJobOptions options, Action<string> say) : IDisposable
{
    private readonly SizeSample _sample = new(options.SampleSize);
    private long _new, _changed, _again, _unchanged, _knownBad, _gone;

    /// <summary>Some of the images that are to be embedded, of each size.</summary>
    public IReadOnlyList<SizeSample.Stratum> Sample => _sample.Choose();

    /// <summary>The contents that earlier runs have embedded, once something is planned; disposed with this.</summary>
    public KnownContents Known { get; private set; } = KnownContents.None;

    /// <summary>Images that are as they were, once the listing is compared.</summary>
    public long Unchanged => _unchanged;

    /// <summary>Of these, images that could not be embedded before, and are not tried again.</summary>
    public long KnownBad => _knownBad;

    /// <summary>What the shards read; null where that is what their images have.</summary>
    public GroupReads? Reads { get; private set; }

    /// <summary>Plans a run.</summary>
    /// <param name="history">What there is.</param>
    /// <param name="settle">Makes the output this job's, once it is clear what is planned.</param>
    /// <param name="cancellation">Ends the work; nothing is planned then.</param>
    /// <returns>The run; null where nothing has changed.</returns>
    /// <exception cref="SwanBatchException">Another process has planned meanwhile, or there is nothing to embed at all.</exception>
    public async Task<RunPlan?> PlanAsync(JobHistory history, Func<CancellationToken, Task> settle, CancellationToken cancellation)
    {
        string id = RunNames.NewId(history.Next);
        RunPlan? plan = null;
        try
        {
            RunPlan? compared = await CompareAsync(history, id, cancellation).ConfigureAwait(false);
            if (compared is null) return null;
            await settle(cancellation).ConfigureAwait(false);
            plan = compared;
            // Only now does the run exist.
            if (await runs.CreateAsync(RunNames.Plan(plan.Number), plan, RunJson.Document.RunPlan, cancellation).ConfigureAwait(false))
                return plan;
            plan = null;
            throw new SwanBatchException($"Another process has planned run {history.Next} of '{runs.Objects.Address}' meanwhile. Run its "
                + "shards, or plan again when it has ended.", canRetry: true);
        }
        finally
        {
            if (plan is null) await runs.DeleteAllAsync(RunNames.Folder(id), CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Says what a plan would be, and writes nothing.</summary>
    /// <returns>The run; null where nothing has changed.</returns>
    public Task<RunPlan?> PreviewAsync(JobHistory history, CancellationToken cancellation) =>
        CompareAsync(history, id: null, cancellation);

    public void Dispose() => Known.Dispose();

    // Without an id nothing is written.
    private async Task<RunPlan?> CompareAsync(JobHistory history, string? id, CancellationToken cancellation)
    {
        using var inputs = new LinesFile<InputLine>(RunJson.Line.InputLine);
        using var kept = new LinesFile<StateLine>(RunJson.Line.StateLine);
        using var gone = new LinesFile<GoneLine>(RunJson.Line.GoneLine);
        using var contents = new KnownContents.Builder();
        long listed;
        ThrowIfTaken();
        source.Degree = options.Reads;
        using (Listing listing = await Listing.ReadAsync(source, Before(history, cancellation), cancellation).ConfigureAwait(false))
        {
            if (source.Remark is { } remark) say(remark);
            await MergeAsync(history, listing, inputs, kept, gone, contents, cancellation).ConfigureAwait(false);
            listed = listing.Count;
            if (listing.Repeated > 0)
            {
                say($"{Counted.Of(listing.Repeated, "image")} of '{source.Address}' {Counted.Verb(listing.Repeated, "is", "are")} listed "
                    + "more than once, and embedded once.");
            }
        }
        if (listed == 0 && !options.AllowEmpty)
        {
            throw new SwanBatchException(history.Valid is null
                ? $"There is no image in '{source.Address}'. Give a folder with images, or a list of paths."
                : $"There is no image in '{source.Address}', and {Counted.Of(_gone, "image")} {Counted.Verb(_gone, "was", "were")} there "
                    + "before. If that is right, allow it (--allow-empty); if not, check that it is mounted. Nothing was changed.");
        }
        if (inputs.Count == 0 && _gone == 0 && history.Valid is not null) return null;

        var plan = new RunPlan
        {
            Number = history.Next,
            Id = id ?? "",
            Base = history.Valid?.Number ?? 0,
            Planned = DateTime.UtcNow,
            Shards = ShardsFor(inputs.Count),
            Rows = inputs.Count,
            New = _new,
            Changed = _changed,
            Again = _again,
            Unchanged = _unchanged,
            KnownBad = _knownBad,
            Gone = _gone,
            MaxBadShare = options.MaxBadShare,
            MaxPixels = options.MaxPixels,
            MaxBytes = options.MaxBytes,
            Source = source.Settings,
        };
        if (id is not null || options.SampleSize > 0) Known = KnownContents.Of(contents.Make(cancellation));
        if (id is not null)
        {
            await kept.WriteAsync(runs.Objects, RunNames.Kept(id), cancellation).ConfigureAwait(false);
            await gone.WriteAsync(runs.Objects, RunNames.Gone(id), cancellation).ConfigureAwait(false);
            await Known.WriteAsync(runs, RunNames.Contents(id), cancellation).ConfigureAwait(false);
        }
        await CutAsync(plan, inputs, cancellation).ConfigureAwait(false);
        return plan;
    }

    private void ThrowIfTaken()
    {
        string[] own =
        [
            BatchSteps.RowColumn, BatchSteps.ImageColumn, BatchSteps.HashColumn,
            .. options.Steps?.Columns ?? [BatchSteps.EmbeddingColumn],
        ];
        // Some readers take names for the same that differ in case.
        foreach (KeptColumn kept in source.Settings?.Kept ?? [])
        {
            if (!own.Contains(kept.Name, StringComparer.OrdinalIgnoreCase)) continue;
            throw new SwanBatchException($"The manifest's column '{kept.Name}' can't be kept: the results have a column of that "
                + "name already. Rename it, or name the columns to keep (--keep-columns).");
        }
    }

    // Verification doesn't trust the earlier state.
    private IAsyncEnumerable<SourceImage> Before(JobHistory history, CancellationToken cancellation) =>
        history.Valid is not { } valid || options.Verify ? AsyncEnumerable.Empty<SourceImage>()
            : JobHistory.StateAsync(runs, valid, cancellation).Select(line => new SourceImage(line.Key, line.Stamp));

    private async Task MergeAsync(
        JobHistory history, Listing listing, LinesFile<InputLine> inputs, LinesFile<StateLine> kept, LinesFile<GoneLine> gone,
        KnownContents.Builder contents, CancellationToken cancellation)
    {
        RunPlan? before = history.Valid;
        await using KeyCursor<InputLine> now = await KeyCursor<InputLine>.OpenAsync(
            listing.InOrder(cancellation), "The listing", cancellation).ConfigureAwait(false);
        await using KeyCursor<StateLine> state = await KeyCursor<StateLine>.OpenAsync(
            before is null ? AsyncEnumerable.Empty<StateLine>() : JobHistory.StateAsync(runs, before, cancellation),
            "The state", cancellation).ConfigureAwait(false);
        await using KeyCursor<GoneLine> goneBefore = await KeyCursor<GoneLine>.OpenAsync(
            before is null ? AsyncEnumerable.Empty<GoneLine>()
                : runs.LinesAsync(RunNames.Gone(before.Id), RunJson.Line.GoneLine, cancellation),
            "What is gone", cancellation).ConfigureAwait(false);
        while (KeyCursor<StateLine>.Least(now.Key, state.Key, goneBefore.Key) is { } key)
        {
            InputLine? listed = await now.TakeAsync(key).ConfigureAwait(false);
            StateLine? known = await state.TakeAsync(key).ConfigureAwait(false);
            GoneLine? wasGone = await goneBefore.TakeAsync(key).ConfigureAwait(false);
            if (known is not null) contents.Add(known);
            switch (listed, known)
            {
                case (null, null):
                    gone.Add(wasGone!);
                    break;
                case (null, _):
                    _gone++;
                    gone.Add(new GoneLine(key, history.Next));
                    break;
                case (_, null):
                    _new++;
                    Add(listed, inputs);
                    break;
                default:
                    Sort(listed, known, inputs, kept);
                    break;
            }
        }
    }

    private void Sort(InputLine listed, StateLine known, LinesFile<InputLine> inputs, LinesFile<StateLine> kept)
    {
        if (listed.Stamp != known.Stamp || listed.Kept != known.Kept) _changed++;
        else if (known.Bad is not null && options.RetryBadRows) _again++;
        else if (options.Verify && known.Bad is null)
        {
            // Whether it has changed is seen when it is read.
            _unchanged++;
            Add(listed with { Before = known }, inputs);
            return;
        }
        else
        {
            _unchanged++;
            if (known.Bad is not null) _knownBad++;
            kept.Add(known);
            return;
        }
        // Without its stamp it is read in any case.
        Add(listed with { Before = options.Verify ? known with { Stamp = "" } : known }, inputs);
    }

    private void Add(InputLine input, LinesFile<InputLine> inputs)
    {
        inputs.Add(input);
        _sample.Add(input, GroupOf(input));
    }

    // What is known is not read.
    private int? GroupOf(InputLine input) => input.IsKnown ? null : source.GroupOf(input.Image);

    private int ShardsFor(long rows)
    {
        if (rows == 0) return 0;
        long shards = Math.Min(rows, options.Shards ?? (rows + options.RowsPerShard - 1) / options.RowsPerShard);
        long least = (rows + BatchJobOptions.MostRowsPerShard - 1) / BatchJobOptions.MostRowsPerShard;
        if (Math.Max(shards, least) > BatchJobOptions.MostShards)
        {
            throw new SwanBatchException($"{rows:N0} images make more than {BatchJobOptions.MostShards:N0} shards. Put more rows into "
                + "a shard, or divide the source into several jobs.");
        }
        return (int)Math.Max(shards, least);
    }

    // Stretches of the sorted inputs that differ by one row at most.
    private async Task CutAsync(RunPlan plan, LinesFile<InputLine> inputs, CancellationToken cancellation)
    {
        GroupReads? reads = source.CountReads();
        bool writes = plan.Id.Length > 0;
        if (plan.Shards == 0 || !writes && reads is null) return;
        await using IAsyncEnumerator<InputLine> lines = inputs.ReadAsync(cancellation).GetAsyncEnumerator(cancellation);
        for (int shard = 0; shard < plan.Shards; shard++)
        {
            using var part = new LinesFile<InputLine>(RunJson.Line.InputLine);
            for (long left = plan.RowsOf(shard); left > 0 && await lines.MoveNextAsync().ConfigureAwait(false); left--)
            {
                if (reads is not null && GroupOf(lines.Current) is { } group) reads.Add(group);
                if (writes) part.Add(lines.Current);
            }
            reads?.EndShard();
            if (writes) await part.WriteAsync(runs.Objects, RunNames.Inputs(plan.Id, shard), cancellation).ConfigureAwait(false);
        }
        Reads = reads;
        if (reads?.Warning is { } warning) say(warning);
    }
}
