using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Onnx;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Portable;

/// <summary>An image embedding as stock steps: load, (declare the size,) extract the pixels, run the graph.</summary>
internal sealed class PortableEmbedding : PortableStep
{
    private readonly SwanEmbeddingTransformer _step;
    private readonly SwanPortableOptions _options;
    private readonly DataViewType _input;

    /// <param name="catalogs">ML.NET's catalogs.</param>
    /// <param name="step">The embedding.</param>
    /// <param name="schema">What it gets.</param>
    /// <param name="options">Checked.</param>
    public PortableEmbedding(OwnCatalogs catalogs, SwanEmbeddingTransformer step, DataViewSchema schema, SwanPortableOptions options)
        : base(catalogs)
    {
        _step = step;
        _options = options;
        _input = schema[step.InputColumnName].Type;
    }

    public override string Name => $"the SWAN embedding '{_step.OutputColumnName}' of '{_step.InputColumnName}'";

    private int Width => _options.ImageWidth ?? ((ImageDataViewType)_input).Width;

    private int Height => _options.ImageHeight ?? ((ImageDataViewType)_input).Height;

    public override IEnumerable<string> Refusals()
    {
        if (_step.Input == SwanInput.Caption)
        {
            yield return $"captions are tokenized by '{_step.Card.Text.Contract}', which has no equivalent among stock text components. "
                + "Embed captions with Swan.MLNet";
            yield break;
        }
        if (_step.Input == SwanInput.ImageBytes)
        {
            yield return $"'{_step.InputColumnName}' holds encoded images in memory, but stock components decode only image files. "
                + "Write the images to files and embed their paths, or load the pipeline with Swan.MLNet";
            yield break;
        }
        if (_step.Input == SwanInput.ImagePath && _options.ImageWidth is null)
        {
            yield return "images of any size are resampled individually, but stock components need one declared size, "
                + $"because stock resizing gives wrong pixels. Set {nameof(SwanPortableOptions.ImageWidth)} and "
                + $"{nameof(SwanPortableOptions.ImageHeight)} if all images have one size";
        }
        if (_input is ImageDataViewType image && Unfit(image) is { } unfit)
            yield return unfit;
        if (_step.Options.OnError != SwanOnError.Throw)
        {
            yield return $"{nameof(SwanEmbeddingOptions.OnError)} is {_step.Options.OnError}, but stock components fail at an image that "
                + $"can't be read. Use {SwanOnError.Throw}";
        }
        if (_step.Options is { Range: not null } or { Bands: not null } or { NoData: not null })
        {
            yield return $"{nameof(SwanEmbeddingOptions.Range)}, {nameof(SwanEmbeddingOptions.Bands)} or "
                + $"{nameof(SwanEmbeddingOptions.NoData)} is set, but stock components read only 8-bit samples. Leave them out";
        }
        if (_step.Input == SwanInput.ImagePath && _options is { ImageWidth: { } width, ImageHeight: { } height }
            && JpegScale.Choose(width, height, new ImageDecodingOptions().For(_step.Card.Image).ScaledSide) is not JpegScale.Full)
        {
            yield return $"its model '{_step.Card.Name}' decodes JPEGs of {width}×{height} pixels at a smaller scale, but stock components "
                + "decode them in full, which gives slightly different vectors; a path does not tell JPEG from PNG. Declare images "
                + $"with a side of at most {JpegScale.LargestInFull(_step.Card.Image.Size)} pixels, or export the model with --decode full";
        }
        if (OnnxGraph.OperatorSetOf(_step.File.Entry(ModelArchive.ImageEntry)) is var version and < EmbeddingGraph.OldestOperatorSet)
        {
            yield return $"its model '{_step.Card.Name}' uses ONNX operator set {version}, but the resampling needs at least "
                + $"{EmbeddingGraph.OldestOperatorSet}. Export the model again";
        }
    }

    public override IReadOnlyList<ITransformer> Build(IDataView data, string folder)
    {
        var steps = new List<ITransformer>();
        var made = new List<string> { PortableColumns.Pixels, PortableColumns.Embedding };
        TransformsCatalog transforms = Catalogs.Transforms;
        bool fromFile = _step.Input == SwanInput.ImagePath;
        string image = _step.InputColumnName;
        if (fromFile)
        {
            string? images = _step.Options.ImageFolder;
            data = Add(steps, transforms.LoadRawImageBytes(PortableColumns.File, images, image).Fit(data), data);
            data = Add(
                steps, Onnx(data, ImageFileGraph.Build(Width, Height), folder, [PortableColumns.Checked], [PortableColumns.File]), data);
            data = Add(steps, transforms.LoadImages(PortableColumns.Decoded, images, image).Fit(data), data);
            // Declares the size, which ExtractPixels needs to know. It lets images of that size pass as they are; there are no others, see
            // ImageFileGraph.
            data = Add(steps, transforms.ResizeImages(PortableColumns.Sized, Width, Height, PortableColumns.Decoded).Fit(data), data);
            made.AddRange([PortableColumns.File, PortableColumns.Checked, PortableColumns.Decoded, PortableColumns.Sized]);
            image = PortableColumns.Sized;
        }
        data = Add(
            steps,
            transforms.ExtractPixels(
                PortableColumns.Pixels, image, ImagePixelExtractingEstimator.ColorBits.All, ImagePixelExtractingEstimator.ColorsOrder.ARGB,
                interleavePixelColors: false, outputAsFloatArray: false).Fit(data),
            data);
        byte[] graph = EmbeddingGraph.Build(
            _step.File.Entry(ModelArchive.ImageEntry), Width, Height, _step.Card.Image.Size, _step.Card.EmbeddingSize,
            _step.Card.LastImageValueIsConstant, _step.Options.Rotations, fromFile);
        // In this order: inputs are read one after another, and a file is to be checked before it is decoded.
        string[] inputs = fromFile ? [PortableColumns.Checked, PortableColumns.Pixels] : [PortableColumns.Pixels];
        data = Add(steps, Onnx(data, graph, folder, [PortableColumns.Embedding], inputs), data);
        data = Add(steps, transforms.CopyColumns(_step.OutputColumnName, PortableColumns.Embedding).Fit(data), data);
        Add(steps, transforms.DropColumns([.. made]).Fit(data), data);
        return steps;
    }

    public override float Compare(ITransformer stock, string folder)
    {
        using MLImage image = Noise();
        IDataView rows;
        SwanEmbeddingTransformer step = _step;
        if (_step.Input == SwanInput.ImagePath)
        {
            // What is decoded differs by format: only JPEGs may be scaled.
            string[] paths = [Path.Combine(folder, "noise.png"), Path.Combine(folder, "noise.jpg")];
            foreach (string path in paths) image.Save(path);
            rows = View(paths.Select(path => new PathRow { Value = path }));
            // The picture is not in the pipeline's own folder.
            if (_step.Options.ImageFolder is not null) step = _step.Anywhere(Catalogs.Host);
        }
        else
        {
            rows = View([new ImageRow { Value = image }]);
        }
        // Swan's first: stock ExtractPixels disposes an image that it has read.
        return Difference(Embeddings(step.Transform(rows)), Embeddings(stock.Transform(rows)));
    }

    private string? Unfit(ImageDataViewType image)
    {
        string column = $"the column '{_step.InputColumnName}'";
        if (image.Width == 0 || image.Height == 0)
        {
            return $"{column} holds images of any size (as LoadImages gives them), and stock components would silently change "
                + "sizes. Embed the images' paths instead, or a column whose [ImageType] declares the size";
        }
        if (_options.ImageWidth is { } width && (width != image.Width || _options.ImageHeight != image.Height))
        {
            return $"{column} holds images of {image.Width}×{image.Height}, but the options declare {width}×{_options.ImageHeight}. "
                + "Leave the size out, or correct it";
        }
        return null;
    }

    private MLImage Noise()
    {
        byte[] pixels = new byte[checked(4 * Width * Height)];
        new Random(0).NextBytes(pixels);
        for (int alpha = 3; alpha < pixels.Length; alpha += 4) pixels[alpha] = 255;
        return MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Rgba32, pixels);
    }

    private IDataView View<T>(IEnumerable<T> rows) where T : class
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(T));
        definition[0].ColumnName = _step.InputColumnName;
        definition[0].ColumnType = _input;
        return Catalogs.Data.LoadFromEnumerable(rows, definition);
    }

    private float[] Embeddings(IDataView view) => [.. view.GetColumn<float[]>(_step.OutputColumnName).SelectMany(values => values)];

    private sealed class PathRow
    {
        public string Value { get; set; } = "";
    }

    private sealed class ImageRow
    {
        // Any size: the column's own type takes its place.
        [ImageType(1, 1)]
        public MLImage? Value { get; set; }
    }
}
