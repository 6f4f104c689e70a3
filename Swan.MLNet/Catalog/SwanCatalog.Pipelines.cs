using System.IO.Compression;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Transforms;

namespace Swan.MLNet;

public sealed partial class SwanCatalog
{
    /// <summary>Loads a pipeline as <c>mlContext.Model.Load</c> does, and lets this machine decide where and how its SWAN embeddings
    /// run.</summary>
    /// <remarks>
    /// Load only pipelines that you trust. ML.NET's loader creates any objects that the file names, and steps of other libraries may read
    /// anything. Swan checks how far the file inflates and, in its own steps, lengths, hashes and graphs. docs/guide/safety.md lists what
    /// is not checked.
    /// </remarks>
    /// <param name="path">A file that <c>mlContext.Model.Save</c> wrote.</param>
    /// <param name="inputSchema">The schema that was saved with it.</param>
    /// <param name="options">Overrides of the saved settings; null: only the environment variables (see
    /// <see cref="SwanLoadOptions"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It can't be read to its end. A stream's own exceptions pass through.</exception>
    /// <exception cref="SwanDeviceException">The requested device is not available; the message says what is missing.</exception>
    /// <exception cref="SwanOptionsException">An environment variable is not valid, or the options' folders of living indexes don't match
    /// those of the pipeline.</exception>
    /// <exception cref="SwanFormatException">It is not a saved pipeline, or a SWAN step of it can't be used.</exception>
    public ITransformer LoadPipeline(string path, out DataViewSchema inputSchema, SwanLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath.ThrowIfNotText(path);
        using FileStream stream = File.OpenRead(path);
        return LoadPipeline(stream, $"'{path}'", out inputSchema, options);
    }

    /// <inheritdoc cref="LoadPipeline(string, out DataViewSchema, SwanLoadOptions?)" path="/*[not(self::param)]"/>
    /// <param name="stream">Seekable; not closed.</param>
    /// <param name="inputSchema">The schema that was saved with it.</param>
    /// <param name="options">Overrides of the saved settings.</param>
    public ITransformer LoadPipeline(Stream stream, out DataViewSchema inputSchema, SwanLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return LoadPipeline(stream, "The stream", out inputSchema, options);
    }

    private ITransformer LoadPipeline(Stream caller, string name, out DataViewSchema inputSchema, SwanLoadOptions? options)
    {
        using var stream = new CallersStream(caller);
        try
        {
            return LoadPipelineOf(stream, name, out inputSchema, options);
        }
        catch (Exception) when (stream.Fault is not null)
        {
            // .NET reports an unreadable zip as damaged; ML.NET's loader then tries older formats and names these.
            ExceptionDispatchInfo.Throw(stream.Fault);
            throw;
        }
    }

    private ITransformer LoadPipelineOf(Stream stream, string name, out DataViewSchema inputSchema, SwanLoadOptions? options)
    {
        ThrowIfNoPipeline(stream, name, options?.MaxInflatedBytes);
        try
        {
            (ITransformer pipeline, inputSchema) = AmbientLoadOptions.Run(
                options,
                () => PipelineArchive.Load(
                    () => (new OwnCatalogs(Context).Model.Load(stream, out DataViewSchema schema), schema)),
                loaded => (loaded.Item1 as IDisposable)?.Dispose());
            return pipeline;
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            // ML.NET's loader throws various exceptions for damaged files.
            throw new SwanFormatException(
                $"{name} can't be loaded as a pipeline: {e.Message} It is damaged, was saved by a newer ML.NET, or has steps of an "
                + "assembly that this program lacks. Copy or save it again, or register the assembly "
                + "(mlContext.ComponentCatalog.RegisterAssembly).", e);
        }
    }

    private static bool IsOfTheFile(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            // An assembly that the file names; the file itself is open.
            if (e is FileNotFoundException or FileLoadException) return true;
            if (e is SwanException or OutOfMemoryException or OperationCanceledException or ObjectDisposedException
                or ArgumentOutOfRangeException { ParamName: "options" } || MachineFault.IsOfTheProgram(e) || MachineFault.Is(e))
            {
                return false;
            }
        }
        return true;
    }

    // For other files, ML.NET only reports that it could not load a legacy format.
    private static void ThrowIfNoPipeline(Stream stream, string name, long? mostBytes)
    {
        if (mostBytes < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(SwanLoadOptions.MaxInflatedBytes), mostBytes,
                $"{nameof(SwanLoadOptions.MaxInflatedBytes)} is {mostBytes}; expected 1 or more, or null for the default.");
        }
        const string Expected = "expected a file that mlContext.Model.Save wrote.";
        long start = stream.Position;
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.GetEntry(ModelArchive.CardEntry) is not null)
            {
                throw new SwanFormatException(
                    $"{name} is a model, not a saved pipeline; {Expected} Open it with SwanModel.Open, or make a pipeline with it: "
                    + "mlContext.Transforms.SwanEmbedding(\"Embedding\", \"ImagePath\", modelPath).");
            }
            PipelineArchive.Check(zip, stream.Length - start, name, mostBytes);
        }
        catch (InvalidDataException e)
        {
            throw new SwanFormatException($"{name} is not a saved pipeline, or is damaged: {e.Message} It was not loaded; {Expected}", e);
        }
        stream.Position = start;
    }
}
