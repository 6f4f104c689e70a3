using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class EncodedImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public EncodedImagesTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public void Encoded_images_get_the_embeddings_of_their_files(int batchSize)
    {
        string[] paths = [.. Enumerable.Range(0, 11).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i, 40 - 3 * i))];

        EmbeddedRow[] rows = Read<EmbeddedRow>(Rows(paths.Select(File.ReadAllBytes)), new() { BatchSize = batchSize });

        for (int i = 0; i < paths.Length; i++) TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(paths[i])), rows[i].Embedding);
    }

    [Fact]
    public void The_column_may_declare_its_length()
    {
        byte[] png = File.ReadAllBytes(TinyImages.Write(_folder.FullName, "a.png", 1));
        SchemaDefinition schema = SchemaDefinition.Create(typeof(BytesRow));
        schema[nameof(BytesRow.Image)].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, png.Length);
        IDataView data = _ml.Data.LoadFromEnumerable([new BytesRow { Image = png }], schema);

        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(png, "a")), Read<EmbeddedRow>(data, new()).Single().Embedding);
    }

    [Fact]
    public void Bytes_that_are_no_image_throw_at_their_row_which_the_error_names()
    {
        IDataView data = Rows([File.ReadAllBytes(TinyImages.Write(_folder.FullName, "a.png", 1)), "no image"u8.ToArray()]);

        SwanRowException e = Assert.Throws<SwanRowException>(() => Read<EmbeddedRow>(data, new()));

        Assert.Equal((1L, "Image"), (e.Row, e.Column));
        Assert.Contains("'Image of row 1' can't be used as an image", e.Message, StringComparison.Ordinal);
        Assert.Equal(ImageFault.NotAnImage, Assert.IsType<SwanImageException>(e.InnerException).Fault);
    }

    [Fact]
    public void No_bytes_and_too_many_pixels_become_missing_values_with_the_reason()
    {
        IDataView data = Rows([[], File.ReadAllBytes(TinyImages.Write(_folder.FullName, "large.png", 1, 60, 60))]);

        ErrorRow[] rows = Read<ErrorRow>(data, new() { OnError = SwanOnError.Missing, MaxPixels = 1000 });

        Assert.StartsWith("Empty: 'Image of row 0'", rows[0].EmbeddingError, StringComparison.Ordinal);
        Assert.StartsWith("TooLarge: 'Image of row 1'", rows[1].EmbeddingError, StringComparison.Ordinal);
        Assert.All(rows, row => Assert.All(row.Embedding, value => Assert.True(float.IsNaN(value))));
    }

    [Theory]
    [InlineData(SwanInput.ImagePath, "String (the path of an image file)")]
    [InlineData(SwanInput.Image, "an Image")]
    [InlineData(SwanInput.Caption, "String (a caption)")]
    public void An_input_that_expects_something_else_refuses_bytes(SwanInput input, string expected)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => Read<EmbeddedRow>(Rows([[1]]), new() { Input = input }));
        Assert.Contains($"expected {expected}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prediction_engine_takes_bytes()
    {
        byte[] png = File.ReadAllBytes(TinyImages.Write(_folder.FullName, "a.png", 1));
        using SwanEmbeddingTransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Image", _model).Fit(Rows([]));
        using var engine = _ml.Model.CreatePredictionEngine<BytesRow, EmbeddedRow>(step);

        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(png, "a")), engine.Predict(new BytesRow { Image = png }).Embedding);
    }

    private IDataView Rows(IEnumerable<byte[]> images) =>
        _ml.Data.LoadFromEnumerable(images.Select((bytes, i) => new BytesRow { Image = bytes, Number = i }).ToArray());

    private T[] Read<T>(IDataView data, SwanEmbeddingOptions options) where T : class, new() =>
        [.. _ml.Data.CreateEnumerable<T>(_ml.Transforms.SwanEmbedding("Embedding", "Image", _model, options).Fit(data).Transform(data),
            reuseRowObject: false)];
}
