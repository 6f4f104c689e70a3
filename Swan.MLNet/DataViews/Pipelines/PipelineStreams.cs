namespace Swan.MLNet.DataViews;

/// <summary>The streams that every transformer of ours names alike.</summary>
internal static class PipelineStreams
{
    public const string Options = "options.json";
}
