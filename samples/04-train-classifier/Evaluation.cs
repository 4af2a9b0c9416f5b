using System.Text;

namespace Outboard.Samples.TrainClassifier;

/// <summary>How often the model is right on a set of frames, class by class.</summary>
internal sealed class Evaluation
{
    private readonly int[,] _counts = new int[TrafficClasses.Count, TrafficClasses.Count];

    private readonly Dictionary<string, (int Wrong, int Total)> _sources = [];

    public Evaluation(Mlp model, Dataset data)
    {
        for (int i = 0; i < data.Count; i++)
        {
            int answer = model.Predict(data.Features[i]);
            _counts[(int)data.Classes[i], answer]++;
            (int wrong, int total) = _sources.GetValueOrDefault(data.Sources[i]);
            _sources[data.Sources[i]] = (wrong + (answer == (int)data.Classes[i] ? 0 : 1), total + 1);
        }
        Count = data.Count;
    }

    public int Count { get; }

    public int Right => Enumerable.Range(0, TrafficClasses.Count).Sum(c => _counts[c, c]);

    public double Accuracy => Right / (double)Count;

    /// <summary>A Markdown table: one row a true class, one column an answer, then recall and precision.</summary>
    public string Table()
    {
        StringBuilder text = new();
        text.Append("| truth \\ answer |").AppendJoin("", TrafficClasses.Names.Select(name => $" {name} |")).Append(" found | right of those named |\n");
        text.Append("|---|").Insert(text.Length, "---:|", TrafficClasses.Count + 2).Append('\n');
        for (int truth = 0; truth < TrafficClasses.Count; truth++)
        {
            int total = 0, named = 0;
            text.Append($"| {TrafficClasses.Names[truth]} |");
            for (int answer = 0; answer < TrafficClasses.Count; answer++)
            {
                text.Append($" {_counts[truth, answer]} |");
                total += _counts[truth, answer];
                named += _counts[answer, truth];
            }
            text.Append($" {Percent(_counts[truth, truth], total)} | {Percent(_counts[truth, truth], named)} |\n");
        }
        return text.ToString();
    }

    /// <summary>The captures that most errors come from, where there are several captures.</summary>
    public string Worst()
    {
        if (_sources.Count < 2)
        {
            return "";
        }
        IEnumerable<string> worst = _sources.OrderByDescending(pair => pair.Value.Wrong).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(4).Select(pair => $"{pair.Key} ({pair.Value.Wrong} of {pair.Value.Total} wrong)");
        return $"Most errors: {string.Join(", ", worst)}.\n";
    }

    private static string Percent(int part, int whole) => whole == 0 ? "-" : $"{100.0 * part / whole:F1} %";
}
