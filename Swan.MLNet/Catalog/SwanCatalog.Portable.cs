using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Portable;

namespace Swan.MLNet;

public sealed partial class SwanCatalog
{
    /// <summary>Saves a pipeline for stock ML.NET without Swan.MLNet: Swan's steps are written as equivalent stock components.</summary>
    /// <remarks>
    /// <list type="table">
    /// <item><term>Image embeddings</term><description>From paths (PNG and JPEG files) or an image column, all images of one declared size.
    /// The ONNX graph contains the antialiased resampling and gives the same bytes. The saved pipeline refuses images of another size,
    /// other file types (TIFF), truncated files, transparent pixels, and EXIF orientations other than upright, because stock components
    /// would embed wrong pixels. Stock components don't keep paths within the image folder.</description></item>
    /// <item><term>Searches</term><description>An ONNX graph contains the gallery and its keys, and computes the scores and the best K.
    /// Rows whose scores differ only by rounding may swap places.</description></item>
    /// <item><term>Refused</term><description>Captions (because of their tokenizer), encoded images in memory, images of varying size,
    /// passing over unreadable rows, zero-shot classification, and steps from neither Swan nor ML.NET. One error names all of them, and
    /// nothing is written.</description></item>
    /// <item><term>Needed to load it</term><description>Microsoft.ML, Microsoft.ML.ImageAnalytics, Microsoft.ML.OnnxTransformer, and
    /// Microsoft.ML.OnnxRuntime or its GPU form. Load with <c>mlContext.Model.Load</c>.</description></item>
    /// <item><term>Speed</term><description>Stock components run one row at a time. With Swan.MLNet, prefer
    /// <c>mlContext.Model.Save</c>.</description></item>
    /// </list>
    /// Before anything is written, each replaced step and its replacement process noise; their values may differ by at most 1e-5.
    /// <para><c>mlContext.Model.ConvertToOnnx</c> converts none of Swan's steps, and its error names this method. If a step without an ONNX
    /// form comes after them (such as <c>CustomMapping</c>, <c>FilterRows…</c>, <c>TakeRows</c> or <c>ShuffleRows</c>), ML.NET stops there
    /// first, with its own error: "The targeted pipeline can not be fully converted".</para>
    /// </remarks>
    /// <param name="model">A fitted pipeline, or one transformer, with at least one Swan step.</param>
    /// <param name="inputSchema">The schema of the data that the pipeline starts from, as for <c>mlContext.Model.Save</c>.</param>
    /// <param name="path">The file; the old one is kept until the new one is complete.</param>
    /// <param name="options">The images' size. Null takes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, or the schema doesn't fit the pipeline.</exception>
    /// <exception cref="ArgumentException">There is no Swan step in the pipeline.</exception>
    /// <exception cref="NotSupportedException">Stock components can't do what the pipeline does; every reason is named.</exception>
    /// <exception cref="InvalidOperationException">A replacement doesn't give the same values.</exception>
    public void SavePortable(ITransformer model, DataViewSchema inputSchema, string path, SwanPortableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputSchema);
        ArgumentException.ThrowIfNullOrEmpty(path);
        SwanPortableOptions checkedOptions = options?.Copy() ?? new SwanPortableOptions();
        checkedOptions.Check();
        var catalogs = new OwnCatalogs(Context);
        new PortablePipeline(catalogs, model, inputSchema, checkedOptions).Build((stock, differences) =>
        {
            AtomicFile.Write(path, stream => catalogs.Model.Save(stock, inputSchema, stream));
            foreach ((string step, float difference) in differences)
            {
                MlNetEnvironment.Info(catalogs.Host, "SavePortable",
                    $"'{path}': {step} differs from its stock form by {difference:G3} at most");
            }
        });
    }
}
