using System.Reflection;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.DataLoading;
using Swan.Training.Network;

namespace Swan.Training.Tests.Training;

public sealed class SwanTrainerOptionsTests
{
    /// <summary>Every property has another value than its default.</summary>
    private static readonly SwanTrainerOptions Changed = new()
    {
        Network = new()
        {
            Variant = SwanVariant.Reference,
            Backbone = "resnet18",
            ImageSize = 128,
            EmbeddingSize = 64,
            SalientChannels = 8,
            WsaHeads = 4,
            GaHeads = 4,
            WordDimension = 50,
            VocabularyRows = 99,
            DropoutScale = 0.5,
            UseVmsf = false,
            UseSfgs = false,
            UseTcge = false,
            ComputeDeadBranches = true,
            TextTower = SwanTextTower.MiniLm,
            Residual = true,
            ResidualGate = 0.5,
        },
        Init = "/t/first.swan",
        BackboneWeights = "weights.safetensors",
        TextWeights = "/t/minilm.safetensors",
        TextLearningRate = 1e-5,
        SceneWeight = 0.5,
        SoftTargets = 0.2,
        Teachers = ["/t/one.swan", "/t/two.swan"],
        Precision = TrainingPrecision.Bfloat16Text,
        FreezeText = true,
        TrainOnValidation = true,
        FreezeBackbone = false,
        FreezeStem = true,
        MinCrop = 0.4,
        BatchNormMode = BatchNormMode.Eval,
        Epochs = 7,
        Minutes = 2.5,
        BatchSize = 8,
        Pairs = PairsPerEpoch.OneCaptionPerImage,
        CaptionsPerImage = 2,
        Augmentation = AugmentationKind.Nadir,
        Loss = LossKind.InfoNce,
        Margin = 0.3,
        Temperature = 0.1,
        RepeatedCaptionsArePositive = true,
        Optimizer = OptimizerKind.AdamW,
        LearningRate = 0.1 + 0.2,
        BackboneLearningRate = 1e-5,
        WeightDecay = 0.01,
        Schedule = ScheduleKind.Cosine,
        WarmUpEpochs = 1.5,
        GradientClip = 1,
        EmaDecay = 0.999,
        Patience = 3,
        ValidateEvery = 2,
        MinWordCount = 1,
        KeepStopWords = true,
        MaxWords = 32,
        Vocabulary = "vocabulary.json",
        WordVectors = "glove.txt",
        ValidationShare = 0.1,
        ValidateBy = SplitRule.Group("^(.)"),
        Seed = 5,
        Device = SwanDevice.Cuda(1),
        Threads = 3,
        CacheMegabytes = 100,
        CheckpointMinutes = 1,
    };

    [Fact]
    public void Every_option_comes_back_from_json_exactly()
    {
        var defaults = new SwanTrainerOptions();
        Assert.Equal(defaults, SwanTrainerOptionsJson.Parse(defaults.ToJson()));
        // Records compare lists by reference.
        SwanTrainerOptions changed = SwanTrainerOptionsJson.Parse(Changed.ToJson());
        Assert.Equal(Changed.Teachers!, changed.Teachers!);
        Assert.Equal(Changed, changed with { Teachers = Changed.Teachers });
        AssertAllDiffer(defaults, Changed);
        AssertAllDiffer(defaults.Network, Changed.Network);

        static void AssertAllDiffer<T>(T a, T b)
        {
            foreach (PropertyInfo property in typeof(T).GetProperties())
                Assert.False(Equals(property.GetValue(a), property.GetValue(b)), $"{property.Name} needs another value in this test");
        }
    }

    [Fact]
    public void What_json_leaves_out_has_its_default_and_comments_are_allowed()
    {
        SwanTrainerOptions options =
            SwanTrainerOptionsJson.Parse("""{ "epochs": 3, /* short */ "loss": "info_nce", "network": { "imageSize": 224 }, }""");
        Assert.Equal(new SwanTrainerOptions { Epochs = 3, Loss = LossKind.InfoNce, Network = new() { ImageSize = 224 } }, options);
    }

    [Fact]
    public void The_recipes_of_the_repository_are_valid()
    {
        string[] recipes = Directory.GetFiles(Path.Combine(Repository.Root, "recipes"), "*.json");
        Assert.NotEmpty(recipes);
        foreach (string recipe in recipes)
        {
            SwanTrainerOptions options = SwanTrainerOptionsJson.Load(recipe);
            // The command line names the pretrained text tower's vocabulary. Any file will do here.
            if (options.Network.TextTower == SwanTextTower.MiniLm) options = options with { Vocabulary = recipe };
            Assert.Same(options, new SwanTrainer(options).Options);
        }
    }

    [Fact]
    public void A_device_is_a_word_in_json() =>
        Assert.Contains(
            "\"device\": \"cuda:1\"", new SwanTrainerOptions { Device = SwanDevice.Cuda(1) }.ToJson(), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "epoch": 3 }""", "epoch")]
    [InlineData("""{ "network": { "imagesize2": 3 } }""", "imagesize2")]
    [InlineData("""{ "loss": "hinge" }""", "loss")]
    [InlineData("""{ "epochs": "many" }""", "epochs")]
    [InlineData("""{ "device": "gpu" }""", "'gpu' is not a device")]
    [InlineData("""{ "epochs": 3""", "config.json")]
    [InlineData("null", "config.json")]
    public void A_name_or_value_that_is_no_options_is_refused_and_named(string json, string named)
    {
        var e = Assert.Throws<SwanOptionsException>(() => SwanTrainerOptionsJson.Parse(json, "config.json"));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.Contains("'config.json'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_reported_together()
    {
        var options = new SwanTrainerOptions
        {
            Network = new() { ImageSize = 100, EmbeddingSize = 100, WsaHeads = 3, UseTcge = false },
            Epochs = 0,
            BatchSize = 1,
            CaptionsPerImage = 2,
            LearningRate = double.NaN,
            Margin = -1,
            Temperature = 0.001,
            EmaDecay = 1,
            GradientClip = -1,
            WarmUpEpochs = 5,
            Minutes = 0,
            ValidationShare = 1,
            Optimizer = OptimizerKind.Adam,
            WeightDecay = 0.1,
            BackboneLearningRate = 1e-4,
            Loss = (LossKind)99,
            SoftTargets = 1,
            MinCrop = 0,
            TrainOnValidation = true,
            Patience = 3,
            FreezeText = true,
            Teachers = [""],
            ValidateBy = null!,
        };
        string message = Assert.Throws<SwanOptionsException>(() => new SwanTrainer(options)).Message;
        foreach (string fault in (string[])
                 ["ImageSize is 100", "EmbeddingSize is 100, but must be divisible by WsaHeads, 3", "Epochs is 0", "BatchSize is 1",
                     "CaptionsPerImage is 2, which needs", "LearningRate is NaN",
                     "Margin is -1", "Temperature is 0.001", "EmaDecay is 1", "GradientClip is -1",
                  "WarmUpEpochs is 5", "Minutes is 0", "ValidationShare is 1", "WeightDecay needs the optimizer AdamW",
                     "BackboneLearningRate is set, but the backbone is frozen", "Loss is 99", "SoftTargets is 1",
                     "SoftTargets are for the loss InfoNce", "MinCrop is 0", "MinCrop is for the augmentation Nadir",
                     "Patience is 3, but TrainOnValidation leaves nothing",
                     "TextWeights, TextLearningRate, Precision bfloat16_text and FreezeText are for a pretrained text tower",
                     "Teachers has an entry without", "ValidateBy is null; expected random, scene or group:REGEX"])
            Assert.Contains("\n  - " + fault, message, StringComparison.Ordinal);
        Assert.Equal(24, message.Count(c => c == '\n'));
    }

    [Fact]
    public void Files_that_are_not_there_are_all_named_before_a_run_begins()
    {
        using var folder = new TemporaryFolder();
        SwanTrainerOptions options = TinyRun.Options with
        {
            BackboneWeights = "/nowhere/a", Vocabulary = "/nowhere/b", WordVectors = "/nowhere/c", Teachers = ["/nowhere/d"],
            Loss = LossKind.InfoNce, SoftTargets = 0.5,
        };
        string message = Assert.Throws<SwanOptionsException>(
            () => TinyRun.Train(options, TinyData.Open(folder.File("data")), folder.File("run"))).Message;
        Assert.Equal(["BackboneWeights: there is no file '/nowhere/a'.", "Vocabulary: there is no file '/nowhere/b'.",
            "WordVectors: there is no file '/nowhere/c'.", "Teachers: there is no file '/nowhere/d'."], message.Split("\n  - ")[1..]);
    }

    [Fact]
    public void Teachers_without_a_share_to_decide_are_refused()
    {
        string message = Assert.Throws<SwanOptionsException>(
            () => new SwanTrainer(new() { Loss = LossKind.InfoNce, Teachers = [typeof(SwanTrainer).Assembly.Location] })).Message;
        Assert.Contains("Teachers are given, but SoftTargets is 0", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_text_tower_is_pretrained_and_takes_no_option_of_how_it_learns()
    {
        var options = new SwanTrainerOptions
        {
            Network = new() { TextTower = SwanTextTower.MiniLm },
            FreezeText = true,
            TextLearningRate = 1e-5,
        };
        string message = Assert.Throws<SwanOptionsException>(() => new SwanTrainer(options)).Message;
        Assert.Contains(
            "FreezeText is set, so TextLearningRate and Precision bfloat16_text would have no effect", message, StringComparison.Ordinal);
        Assert.Contains("FreezeText is set, but TextWeights are not given", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_are_the_papers()
    {
        var o = new SwanTrainerOptions();
        Assert.Equal((2e-4, 50, 100, 0.2, 0), (o.LearningRate, o.Epochs, o.BatchSize, o.Margin, o.Seed));
        Assert.Equal((LossKind.TripletSum, OptimizerKind.Adam, ScheduleKind.Paper, AugmentationKind.Paper, PairsPerEpoch.AllCaptions),
            (o.Loss, o.Optimizer, o.Schedule, o.Augmentation, o.Pairs));
        Assert.Equal((true, BatchNormMode.Train, 5, 0.2), (o.FreezeBackbone, o.BatchNormMode, o.MinWordCount, o.ValidationShare));
        Assert.Equal(("resnet50", 256, 512, 300),
            (o.Network.Backbone, o.Network.ImageSize, o.Network.EmbeddingSize, o.Network.WordDimension));
        Assert.Same(o, new SwanTrainer(o).Options);
    }

    [Fact]
    public void A_model_card_gets_every_option_flat_without_folders()
    {
        IReadOnlyDictionary<string, string> card = (Changed with { BackboneWeights = "/home/me/secret/weights.safetensors" }).Describe();
        Assert.Equal("weights.safetensors", card["backboneWeights"]);
        Assert.Equal("128", card["network.imageSize"]);
        Assert.Equal("info_nce", card["loss"]);
        Assert.Equal(typeof(SwanTrainerOptions).GetProperties().Length - 1 + typeof(SwanNetworkOptions).GetProperties().Length, card.Count);
    }
}
