namespace Swan.Fuzz;

/// <summary>The table of targets.</summary>
public static class FuzzTargets
{
    /// <summary>Makes each target, by the name that <c>build/fuzz</c> takes and that its folder in Corpora has.</summary>
    /// <remarks>Not before the fuzzer is ready: until then, code that counts its branches has nowhere to write.</remarks>
    public static IReadOnlyDictionary<string, Lazy<FuzzTarget>> All { get; } =
        new Dictionary<string, Lazy<FuzzTarget>>(StringComparer.Ordinal)
        {
            ["tiff"] = new(() => new TiffTarget()),
            ["images"] = new(() => new ImageTarget()),
            ["model"] = new(() => new ModelTarget()),
            ["index"] = new(() => new IndexTarget()),
            ["live"] = new(() => new LiveIndexTarget()),
            ["pipeline"] = new(() => new PipelineTarget()),
            ["captions"] = new(() => new CaptionTarget()),
            ["filters"] = new(() => new FilterTarget()),
            ["columns"] = new(() => new ColumnTarget()),
        };
}
