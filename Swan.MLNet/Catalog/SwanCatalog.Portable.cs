using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Portable;

namespace Swan.MLNet;

public sealed partial class SwanCatalog
{
    /// <summary>Saves a pipeline so that stock ML.NET loads it where Swan.MLNet is not: Swan's steps are written as stock components that
    /// do the same.</summary>
    /// <remarks>
    /// <list type="table">
    /// <item><term>Image embeddings</term><description>Of paths (PNG and JPEG files) or of an image column, all images of one declared
    /// size. The antialiased resampling stands inside the ONNX graph and gives the same bytes. An image of another size is an error there;
    /// so are files of another kind (TIFF), truncated ones, transparent pixels, and EXIF orientations other than upright: stock components
    /// would embed wrong pixels. Paths may lead out of the image folder there: stock components have no fence.</description></item>
    /// <item><term>Searches</term><description>The gallery, its keys, the scores and the best K stand inside an ONNX graph. Rows whose
    /// scores differ by rounding only may change places.</description></item>
    /// <item><term>Refused</term><description>Captions (their tokenizer), encoded images in memory, images of any size, rows that can't
    /// be read and are passed over, zero-shot classification, and steps that are neither Swan's nor ML.NET's. All are named in one error,
    /// and nothing is written.</description></item>
    /// <item><term>Needed to load it</term><description>Microsoft.ML, Microsoft.ML.ImageAnalytics, Microsoft.ML.OnnxTransformer, and
    /// Microsoft.ML.OnnxRuntime or its GPU form. Load with <c>mlContext.Model.Load</c>.</description></item>
    /// <item><term>Speed</term><description>Stock components run one row at a time. Where Swan.MLNet is, <c>mlContext.Model.Save</c> serves
    /// better.</description></item>
    /// </list>
    /// Before anything is written, noise runs through each replaced step and its replacement; values may differ by 1e-5 at most.
    /// <para><c>mlContext.Model.ConvertToOnnx</c> converts none of Swan's steps, and its error names this method. Where a step that has no
    /// ONNX form comes after them (such as <c>CustomMapping</c>, <c>FilterRows…</c>, <c>TakeRows</c> or <c>ShuffleRows</c>), ML.NET stops
    /// there first, with an error of its own: "The targeted pipeline can not be fully converted".</para>
    /// </remarks>
    /// <param name="model">A fitted pipeline, or one transformer, with at least one Swan step.</param>
    /// <param name="inputSchema">The schema of the data that the pipeline starts from, as for <c>mlContext.Model.Save</c>.</param>
    /// <param name="path">Where: the old file stays until the new one is whole.</param>
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
