using Microsoft.Extensions.Logging;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Diagnostics;

/// <summary>Swan's messages to an <see cref="ILogger"/>; event ids are stable.</summary>
internal static partial class SwanLog
{
    [LoggerMessage(1, LogLevel.Information, "'{Path}' is open: {Model}, embeddings of {Dimensions}, {Device}.")]
    public static partial void ModelOpened(this ILogger logger, string path, string model, int dimensions, string device);

    // The words of CaptionText.DescribeCut.
    [LoggerMessage(2, LogLevel.Warning,
        "Texts longer than {Longest} tokens: {Cut} of {Captions}. The rest of each was ignored.")]
    public static partial void CaptionsCut(this ILogger logger, int cut, int captions, int longest);

    [LoggerMessage(3, LogLevel.Debug, "Image {Index}: {Reading}.")]
    public static partial void ImageRead(this ILogger logger, int index, ImageReading reading);

    [LoggerMessage(4, LogLevel.Information, "{Summary}")]
    public static partial void ImagesRead(this ILogger logger, string summary);

    [LoggerMessage(10, LogLevel.Information, "Version {Version} of the pipeline '{Path}' is in service ({Bytes} bytes, SHA-256 {Hash}).")]
    public static partial void PipelineInService(this ILogger logger, int version, string path, long bytes, string hash);

    [LoggerMessage(11, LogLevel.Error, "The new content of the pipeline '{Path}' can't be used; version {Version} stays in service.")]
    public static partial void PipelineRefused(this ILogger logger, Exception fault, string path, int version);

    [LoggerMessage(12, LogLevel.Information, "Version {Version} of the pipeline '{Path}' is closed: its last request is done.")]
    public static partial void PipelineClosed(this ILogger logger, int version, string path);

    [LoggerMessage(
        13, LogLevel.Warning, "The pipeline file '{Path}' is gone; version {Version} stays in service until there is a new one.")]
    public static partial void PipelineGone(this ILogger logger, string path, int version);

    [LoggerMessage(14, LogLevel.Warning, "Changes of '{Path}' can't be watched; it is checked every {Interval} instead.")]
    public static partial void WatcherFailed(this ILogger logger, Exception fault, string path, TimeSpan interval);

    [LoggerMessage(15, LogLevel.Warning, "'{Path}' can't be read now; it will be tried again.")]
    public static partial void PipelineUnreadable(this ILogger logger, Exception fault, string path);

    [LoggerMessage(16, LogLevel.Warning, "Version {Version} of the pipeline '{Path}' could not be closed.")]
    public static partial void PipelineNotClosed(this ILogger logger, Exception fault, int version, string path);

    [LoggerMessage(17, LogLevel.Information, "Generation {Generation} of the index '{Folder}' is in service ({Rows} rows).")]
    public static partial void IndexInService(this ILogger logger, long generation, string folder, int rows);

    [LoggerMessage(18, LogLevel.Error, "The index '{Folder}' can't be read now; generation {Generation} stays in service.")]
    public static partial void IndexUnreadable(this ILogger logger, Exception fault, string folder, long generation);

    [LoggerMessage(20, LogLevel.Debug, "ML.NET: {Message}")]
    public static partial void MlNetSaid(this ILogger logger, string message);

    [LoggerMessage(21, LogLevel.Warning, "ML.NET: {Message}")]
    public static partial void MlNetWarned(this ILogger logger, string message);
}
