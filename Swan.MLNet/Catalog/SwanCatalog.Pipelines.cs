using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Transforms;

namespace Swan.MLNet;

public sealed partial class SwanCatalog
{
    /// <summary>Loads a pipeline as <c>mlContext.Model.Load</c> does, and lets this machine decide where and how its SWAN embeddings
    /// run.</summary>
    /// <param name="path">A file that <c>mlContext.Model.Save</c> wrote.</param>
    /// <param name="inputSchema">The schema that was saved with it.</param>
    /// <param name="options">What differs from what was saved; null: nothing but the environment variables (see
    /// <see cref="SwanLoadOptions"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanDeviceException">The device asked for is not there; the message says what is missing.</exception>
    /// <exception cref="SwanOptionsException">An environment variable can't be understood.</exception>
    /// <exception cref="SwanFormatException">A SWAN step of the pipeline can't be used.</exception>
    public ITransformer LoadPipeline(string path, out DataViewSchema inputSchema, SwanLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return LoadPipeline(stream, out inputSchema, options);
    }

    /// <inheritdoc cref="LoadPipeline(string, out DataViewSchema, SwanLoadOptions?)"/>
    /// <param name="stream">Seekable; not closed.</param>
    /// <param name="inputSchema">The schema that was saved with it.</param>
    /// <param name="options">What differs from what was saved.</param>
    public ITransformer LoadPipeline(Stream stream, out DataViewSchema inputSchema, SwanLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (ITransformer pipeline, inputSchema) = AmbientLoadOptions.Run(options,
            () => (new OwnCatalogs(Context).Model.Load(stream, out DataViewSchema schema), schema));
        return pipeline;
    }
}
