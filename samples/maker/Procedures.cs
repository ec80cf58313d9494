namespace ClinicFlow.SampleMaker;

/// <summary>An operation as its consent form describes it.</summary>
/// <param name="Name">What the form calls it.</param>
/// <param name="Diagnosis">Why it is done, with its ICD-10 code.</param>
/// <param name="Department">Who does it.</param>
/// <param name="Surgeon">The fictional surgeon.</param>
/// <param name="Anaesthesia">How the patient is kept free of pain.</param>
/// <param name="Sides">The sides it can be on; none where the body has only one.</param>
/// <param name="Ages">The youngest and the oldest patient, in years.</param>
/// <param name="Sex">f or m where only they can need it.</param>
/// <param name="Minutes">How long it takes.</param>
/// <param name="Nights">How long the patient stays.</param>
/// <param name="Course">What happens, in a few sentences.</param>
/// <param name="Alternatives">What could be done instead.</param>
/// <param name="Risks">What can go wrong with this operation in particular.</param>
internal sealed record Procedure(
    string Name, string Diagnosis, string Department, string Surgeon, string Anaesthesia, string[] Sides, (int From, int To) Ages, string Sex,
    int Minutes, int Nights, string Course, string Alternatives, string[] Risks)
{
    /// <summary>The operations of the sample's clinic.</summary>
    public static IReadOnlyList<Procedure> All { get; } =
    [
        new("Laparoscopic cholecystectomy", "Gallstones with repeated biliary colic (K80.2)", "General and Visceral Surgery", "Dr. Helena Marquardt", "general anaesthesia", [], (24, 88), "", 60, 2,
            "Through four incisions of 5 to 10 mm the abdomen is filled with carbon dioxide, the gallbladder is freed from the liver bed, its duct and artery are closed with clips, and it is taken out in a retrieval bag. Should adhesions or inflammation hide the anatomy, the surgeon changes to an open operation through an incision below the right costal arch.",
            "Waiting under observation, or dissolving small stones with medicines over one to two years; both leave the gallbladder in place, and new stones are common.",
            ["Injury of the common bile duct that needs a further operation (rare).", "Leakage of bile into the abdomen, drained through the skin or by endoscopy (uncommon).", "Shoulder pain for some days from remaining gas (very common, harmless)."]),
        new("Total hip replacement", "Advanced osteoarthritis of the hip (M16.1)", "Orthopaedics and Trauma Surgery", "Dr. Tobias Lindqvist", "spinal anaesthesia with sedation", ["left", "right"], (49, 91), "", 75, 6,
            "Through an incision of 8 to 12 cm beside the joint the worn head of the femur is removed, the socket is reamed and fitted with a metal cup and a polyethylene liner, and a stem with a ceramic head is anchored in the thigh bone, with or without cement according to the quality of the bone. Mobility, stability and leg length are tested before the wound is closed in layers.",
            "Physiotherapy, pain medicine, injections and a walking aid; they ease the complaints but cannot restore the cartilage.",
            ["Dislocation of the new joint, mostly within the first three months (uncommon).", "A difference in leg length that may need a shoe insert (common).", "Loosening or infection of the implant, even years later, with exchange of the joint (uncommon)."]),
        new("Total knee replacement", "Advanced osteoarthritis of the knee (M17.1)", "Orthopaedics and Trauma Surgery", "Dr. Tobias Lindqvist", "spinal anaesthesia with a nerve block", ["left", "right"], (50, 89), "", 90, 6,
            "Through an incision over the front of the knee the worn surfaces of the thigh bone and the shin bone are cut to the shape of the implant, which is fixed with bone cement; a polyethylene insert serves as the new sliding surface, and the back of the kneecap is resurfaced where needed. Ligament balance and the axis of the leg are checked in every position.",
            "Physiotherapy, weight loss, pain medicine and injections, or an operation that corrects the axis in younger patients.",
            ["Stiffness that needs stretching of the joint under anaesthesia (common).", "Lasting pain or numbness beside the scar (common).", "Loosening or infection of the implant, even years later, with exchange of the joint (uncommon)."]),
        new("Inguinal hernia repair with mesh", "Inguinal hernia (K40.9)", "General and Visceral Surgery", "Dr. Helena Marquardt", "general anaesthesia", ["left", "right"], (21, 86), "", 50, 1,
            "Through three small incisions a light polypropylene mesh is placed between the abdominal wall and the peritoneum, where it covers the gap and grows in within some weeks. If both sides are affected, both can be treated in one operation. Where scars from earlier operations are in the way, the repair is done through an incision in the groin.",
            "Watchful waiting while there are few complaints, or an open repair without mesh; a truss does not heal the hernia.",
            ["Return of the hernia (uncommon).", "Lasting pain in the groin through irritation of a nerve (uncommon).", "Swelling or reduced blood supply of the testicle in men (rare)."]),
        new("Tonsillectomy", "Recurrent acute tonsillitis (J35.0)", "Ear, Nose and Throat", "Dr. Ifeoma Castellan", "general anaesthesia", [], (4, 34), "", 35, 2,
            "The palatine tonsils are removed through the mouth, and bleeding vessels are closed with heat or sutures; there are no wounds on the outside. A whitish coating forms in the throat and comes off after about a week. In children the tonsils are, where possible, only made smaller, which hurts less and bleeds less often.",
            "Antibiotics for each new infection and waiting for up to a year; with few infections a year this can be the better choice.",
            ["Bleeding up to two weeks after the operation, which must be treated in hospital at once (common).", "Painful swallowing and earache for one to two weeks (very common).", "Lasting change of taste or voice (rare)."]),
        new("Laparoscopic appendectomy", "Recurrent appendicitis, elective removal (K36)", "Paediatric and General Surgery", "Dr. Bram Oosterhuis", "general anaesthesia", [], (6, 45), "", 45, 2,
            "Through three incisions of 5 to 10 mm the appendix is freed, its base is closed with loops or a stapler, and it is taken out in a retrieval bag; the lower abdomen is rinsed and inspected. If the inflammation has spread, a drain remains for some days. A change to an open operation is possible at any time.",
            "Antibiotics without an operation; in about one third of patients the inflammation returns within five years.",
            ["Collection of pus in the abdomen that needs drainage (uncommon).", "Leakage of the stump with inflammation of the peritoneum (rare).", "Adhesions that hinder the bowel, even years later (uncommon)."]),
        new("Cataract extraction with lens implant", "Age-related nuclear cataract (H25.1)", "Ophthalmology", "Dr. Noor van Halewijn", "local anaesthesia with eye drops", ["left", "right"], (52, 94), "", 20, 0,
            "Through an incision of about 2 mm at the edge of the cornea the clouded lens is broken up with ultrasound and aspirated; a folded artificial lens is placed into the remaining capsule, where it unfolds. The incision closes by itself. You are awake, see light and movement, and feel a little pressure but no pain.",
            "Stronger glasses and better light, for as long as you can manage your daily life; medicines cannot clear the lens.",
            ["Clouding of the capsule after months or years, treated with a laser (common).", "Tear of the capsule with a longer operation or another kind of lens (uncommon).", "Infection inside the eye with loss of sight (very rare)."]),
        new("Carpal tunnel release", "Carpal tunnel syndrome (G56.0)", "Hand Surgery", "Dr. Matteo Brandl", "regional anaesthesia of the arm", ["left", "right"], (28, 84), "", 20, 0,
            "Through an incision of 3 cm in the palm the ligament above the median nerve is divided, so that the nerve has room again; the nerve itself is inspected but not touched. The hand is bandaged so that the fingers can be moved at once. Tingling at night usually ends soon, while strength and feeling may take months to return.",
            "A splint at night and injections of cortisone, where the nerve is not yet damaged.",
            ["Tenderness of the scar when leaning on the hand (common).", "Injury of the nerve or one of its branches with lasting numbness (rare).", "Painful swelling and stiffness of the hand (rare)."]),
        new("Knee arthroscopy with meniscus repair", "Tear of the medial meniscus (S83.2)", "Sports Medicine", "Dr. Matteo Brandl", "general anaesthesia", ["left", "right"], (14, 61), "", 45, 1,
            "Through two incisions of 5 mm a camera and fine instruments are passed into the knee. Fresh tears near the edge are sutured, which keeps the meniscus but asks for six weeks with a brace; parts that cannot heal are trimmed. The cartilage and the cruciate ligaments are examined at the same time, and loose bodies are taken out.",
            "Physiotherapy and strengthening for three months, which helps as well as an operation in many tears that come with age.",
            ["Failure of the repair with a second arthroscopy (common).", "Effusion that must be drawn off (common).", "Numbness beside the scars (uncommon)."]),
        new("Elective caesarean section", "Breech presentation at term (O32.1)", "Obstetrics", "Dr. Yasmin Eklund", "spinal anaesthesia", [], (21, 43), "f", 40, 4,
            "Through a transverse incision just above the pubic bone the layers of the abdominal wall are parted rather than cut, the uterus is opened, and the child is born within a few minutes. Someone close to you may be with you, and the child is laid on your chest as soon as both of you are well. The uterus and the abdominal wall are closed in layers.",
            "Turning the child from outside, or a vaginal breech birth with an experienced team; we have discussed what speaks for and against each.",
            ["Blood loss that needs medicines, a transfusion or, very rarely, removal of the uterus (uncommon).", "Injury of the bladder or the bowel (rare).", "Placenta praevia or a tear of the scar in a later pregnancy (rare)."]),
        new("Transurethral resection of the prostate", "Benign enlargement of the prostate (N40)", "Urology", "Dr. Stellan Ferreira", "spinal anaesthesia", [], (55, 88), "m", 60, 3,
            "Through the urethra an instrument with a camera and an electric loop is passed to the prostate, and the tissue that narrows the urethra is removed in small chips, which are examined under the microscope. A catheter rinses the bladder for one to two days. No incision is made; the outer shell of the prostate remains.",
            "Medicines, treatment with a laser or steam, or a lasting catheter.",
            ["Ejaculation into the bladder (very common, lasting).", "Bleeding with clots that block the catheter (common).", "Narrowing of the urethra or leakage of urine (uncommon)."]),
        new("Fixation of a distal radius fracture", "Displaced fracture of the distal radius (S52.5)", "Orthopaedics and Trauma Surgery", "Dr. Bram Oosterhuis", "regional anaesthesia of the arm", ["left", "right"], (7, 90), "", 55, 1,
            "Through an incision on the palm side of the wrist the fragments are put back into place under X-ray control and held by a thin titanium plate with locking screws; in children two wires through the skin are often enough. A splint protects the wrist for two weeks, and the fingers are moved from the first day on.",
            "A plaster cast for six weeks, with the risk that the fragments slip and heal in a wrong position.",
            ["Irritation or tear of a tendon by the plate, which is then removed (uncommon).", "Pressure on the median nerve with tingling of the fingers (common, mostly passing).", "Healing in a wrong position or not at all (rare)."]),
    ];
}
