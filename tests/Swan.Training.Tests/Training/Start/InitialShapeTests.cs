using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.Export;
using Swan.Training.Network;

namespace Swan.Training.Tests.Training.Start;

/// <summary>The model that a run starts from decides the network's shape.</summary>
public sealed class InitialShapeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly SwanNetworkOptions _shape = RandomNetworks.Shapes["minilm"];

    public InitialShapeTests()
    {
        _path = _folder.File("model.swan");
        using SwanNetwork network = RandomNetworks.Create(_shape);
        SwanExporter.Export(network, RandomNetworks.Tokenizer(_shape), _path, new()
        {
            Training = new Dictionary<string, string>(new SwanTrainerOptions { Network = _shape }.Describe()),
        });
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_file_says_the_whole_shape_of_its_network()
    {
        InitialModel model = InitialModel.Open(_path);

        Assert.Equal(_shape, model.Network);
        Assert.Equal((40, 12), (model.Tokenizer.VocabularySize, model.Tokenizer.MaxLength));
    }

    [Fact]
    public void Options_that_say_nothing_take_the_models_shape_and_length()
    {
        var options = new SwanTrainerOptions { Init = _path, TextLearningRate = 1e-5, FreezeText = false };
        Assert.Empty(SwanTrainerOptionsValidation.Faults(options));

        SwanTrainerOptions found = InitialShape.Of(options, InitialModel.Open(_path));

        Assert.Equal(options with { Network = _shape, MaxWords = 12 }, found);
        Assert.Equal(found, InitialShape.Of(found, InitialModel.Open(_path)));
        Assert.Equal(_shape, InitialShape.NetworkOf(options));
    }

    [Fact]
    public void How_the_network_learns_may_be_said_and_what_it_is_may_not()
    {
        InitialModel model = InitialModel.Open(_path);
        SwanTrainerOptions options = InitialShape.Beneath(_path);
        SwanNetworkOptions learning = _shape with { DropoutScale = 0.5, ResidualGate = 0.3, VocabularyRows = 9 };
        Assert.Equal(learning, InitialShape.Of(options with { Network = learning }, model).Network);

        string message = Assert.Throws<SwanMismatchException>(() => InitialShape.Of(options with
        {
            Network = _shape with
            {
                Backbone = "resnet50", ImageSize = 96, EmbeddingSize = 64, TextTower = SwanTextTower.Gru, Residual = false,
            },
            MaxWords = 20,
        }, model)).Message;

        Assert.Contains($"than the model '{_path}', from which the run starts", message, StringComparison.Ordinal);
        foreach (string fault in (string[])
        [
            "network.backbone is resnet50, but the model's is efficientnet_lite0", "network.imageSize is 96, but the model's is 64",
            "network.embeddingSize is 64, but the model's is 32", "network.textTower is gru, but the model's is minilm",
            "network.residual is false, but the model's is true", "maxWords is 20, but the model's is 12",
        ])
        {
            Assert.Contains(fault, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_configuration_on_top_of_a_model_names_only_what_differs()
    {
        string config = _folder.File("config.json");
        File.WriteAllText(config, """{ "epochs": 2, "network": { "dropoutScale": 0.5 }, /* the rest is the model's */ }""");

        SwanTrainerOptions options = SwanTrainerOptionsJson.Load(config, InitialShape.Beneath(_path));

        Assert.Equal((2, _path, _shape with { DropoutScale = 0.5 }), (options.Epochs, options.Init, options.Network));
        File.WriteAllText(config, """{ "network": { "backbones": "resnet18" } }""");
        Assert.Contains("backbones",
            Assert.Throws<SwanOptionsException>(() => SwanTrainerOptionsJson.Load(config, InitialShape.Beneath(_path))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_pruned_vocabulary_is_the_runs_own()
    {
        string pruned = _folder.File("pruned.swan");
        using (SwanNetwork network = RandomNetworks.Create(_shape))
        {
            SwanExporter.Export(network, RandomNetworks.Tokenizer(_shape), pruned, new()
            {
                Training = new Dictionary<string, string>(new SwanTrainerOptions { Network = _shape }.Describe()),
                MaxVocabularySize = 20, VocabularyCaptions = ["wa wb"],
            });
        }

        InitialModel model = InitialModel.Open(pruned);

        Assert.Equal((20, _shape with { VocabularyRows = 20 }), (model.Tokenizer.VocabularySize, model.Network));
        using SwanNetwork back = SwanNetwork.Create(model.Network);
        model.Load(back);
        Assert.Equal(20, back.state_dict()["text_encoder.embeddings.word"].shape[0]);
    }

    [Fact]
    public void A_normalized_models_network_has_no_value_for_the_bank()
    {
        string normalized = _folder.File("normalized.swan");
        (CaptionedImageSet train, _) = TinyData.Open(_folder.File("data"));
        QuerybankNormalization.Apply(SwanModelFile.Read(_path), train, cancellationToken: TestContext.Current.CancellationToken)
            .Save(normalized);

        InitialModel model = InitialModel.Open(normalized);

        Assert.Equal(_shape, model.Network);
        using SwanNetwork back = SwanNetwork.Create(model.Network);
        model.Load(back);
        Assert.Equal(32, back.state_dict()["image_encoder.plain.bias"].shape[0]);
    }

    [Fact]
    public void A_card_that_describes_no_network_is_refused_by_the_files_name()
    {
        SwanModelFile file = SwanModelFile.Read(_path);
        foreach ((string name, string value) in ((string, string)[])[("network.wsaHeads", "many"), ("network.wsaHeads", "7"),
            ("network.salientChannels", "0")])
        {
            SwanModelFile damaged = file.With(file.Card with
            {
                Training = new Dictionary<string, string>(file.Card.Training) { [name] = value },
            });
            Assert.Contains("'model.swan'", Assert.Throws<SwanFormatException>(() => ModelFileShape.Of(damaged)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_scales_pixels_otherwise_than_its_backbone_is_refused()
    {
        SwanModelFile file = SwanModelFile.Read(_path), other = SwanModelFile.Create(
            "other.swan", file.Card with { Image = file.Card.Image with { Mean = [0.4f, 0.4f, 0.4f] } }, file.ImageOnnx.ToArray(),
            file.TextOnnx.ToArray(), file.Vocabulary.ToArray());

        Assert.Equal(_shape, ModelFileShape.Of(file));
        Assert.Contains("'other.swan' describes a network that this version can't build: Its image scaling",
            Assert.Throws<SwanFormatException>(() => ModelFileShape.Of(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_model_brings_is_refused_beside_it()
    {
        string message = Assert.Throws<SwanOptionsException>(() => new SwanTrainer(new()
        {
            Init = _path, BackboneWeights = "b.safetensors", TextWeights = "t.safetensors", WordVectors = "w.txt", Vocabulary = "v.json",
        })).Message;

        foreach (string name in (string[])["BackboneWeights", "TextWeights", "WordVectors", "Vocabulary"])
            Assert.Contains($"Init is '{_path}', but {name} is also given", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_cannot_be_is_refused_before_anything_is_read()
    {
        SwanTrainerOptions eval = new() { BatchNormMode = BatchNormMode.Eval };
        Directory.CreateDirectory(_folder.File("empty"));

        Refused(eval with { Init = _folder.File("none.swan") }, "Init: there is no model file or run's folder");
        Refused(eval with { Init = _folder.File("empty") }, "has no best.safetensors, so it is not a run, or the run has kept no weights");
        Refused(new() { Init = _path }, "BatchNormMode is Train: a model file has no batch statistics");
        Assert.Contains("Init is empty", Assert.Throws<SwanOptionsException>(() => new SwanTrainer(new() { Init = "" })).Message,
            StringComparison.Ordinal);
        // A finished model's backbone is not random, so it may be frozen.
        SwanTrainerOptionsValidation.CheckStart(eval with { Init = _path });

        static void Refused(SwanTrainerOptions options, string message) => Assert.Contains(message,
            Assert.Throws<SwanOptionsException>(() => SwanTrainerOptionsValidation.CheckStart(options)).Message, StringComparison.Ordinal);
    }
}
